/** What Codex's own record of the threads (its rollout files) has of prompts. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StoredPrompt } from './history.ts'

interface RolloutLine {
  readonly type: string
  readonly payload: {
    readonly type?: string
    readonly thread_id?: string
    readonly item?: { readonly type: string; readonly content?: readonly { readonly text?: string }[] }
  }
}

export function readStoredPrompts(codexHome: string): StoredPrompt[] {
  const files = readdirSync(join(codexHome, 'sessions'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.jsonl'),
  )
  return files.flatMap((path) =>
    readFileSync(join(codexHome, 'sessions', path), 'utf8')
      .split('\n')
      .flatMap(promptIn),
  )
}

function promptIn(line: string): StoredPrompt[] {
  if (!line.includes('"UserMessage"')) return []
  const { type, payload } = JSON.parse(line) as RolloutLine
  const { item, thread_id: threadId } = payload
  if (type !== 'event_msg' || payload.type !== 'item_completed' || item?.type !== 'UserMessage' || !threadId) return []
  return [{ threadId, text: item.content?.map(({ text = '' }) => text).join('') ?? '' }]
}
