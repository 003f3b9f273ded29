/** Makes events of a thread as the daemon sends them, one second apart. */
import type { Author, ShareEvent } from '../../../src/protocol/events.ts'

export interface SampleOptions {
  readonly by?: Author
  readonly at?: string
}

export const ada: Author = { label: 'ada', kind: 'ui', pid: 7 }

/** A function that numbers the events it makes from 1 on. */
export function sampleEvents(): (method: string, params?: object, options?: SampleOptions) => ShareEvent {
  let id = 0
  return (method, params = {}, { by, at } = {}) => {
    id += 1
    return {
      id,
      threadId: 'thread-1',
      turnId: 'turn-1',
      at: at ?? new Date(Date.UTC(2026, 10, 22, 14, 0, id)).toISOString(),
      method,
      params: { threadId: 'thread-1', turnId: 'turn-1', ...params },
      by: by ?? null,
    }
  }
}

export function prompt(text: string, clientId: string | null = null): object {
  return { item: { type: 'userMessage', id: 'u1', clientId, content: [{ type: 'text', text, text_elements: [] }] } }
}

export function answer(text: string, id = 'a1'): object {
  return { item: { type: 'agentMessage', id, text, phase: null } }
}

export function delta(text: string, itemId = 'a1'): object {
  return { itemId, delta: text }
}

export function command(members: object = {}): object {
  return {
    item: {
      type: 'commandExecution',
      id: 'c1',
      command: "/bin/bash -lc 'npm test'",
      commandActions: [{ type: 'unknown', command: 'npm test' }],
      status: 'inProgress',
      aggregatedOutput: null,
      exitCode: null,
      durationMs: null,
      ...members,
    },
  }
}
