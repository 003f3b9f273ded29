/** Names the effect of the requests that the daemon has rules for, on either socket. Any other is passed on as it is. */
import type { ClientMethod } from '../../codex/decoding/upstream-types.ts'

export type RequestEffect =
  /** The client says who it is. */
  | 'introduces'
  /** It says in passing which folder it runs in. */
  | 'tellsFolder'
  | 'startsThread'
  | 'forksThread'
  | 'resumesThread'
  | 'closesThread'
  /** Puts the thread away: it takes nothing until it is brought back. */
  | 'archivesThread'
  | 'changesSettings'
  /** Begins a turn with a prompt: idempotent by its request id. */
  | 'prompts'
  /** Begins a turn of another kind. Sent to Codex while a turn runs, it interrupts that. */
  | 'begins'
  /** Begins a turn where none runs, and else adds to the one that does. */
  | 'beginsOrJoins'
  /** Reads or changes what waits to be submitted in a thread. */
  | 'queues'
  /** Takes the thread back to an earlier turn, and ends the one that runs. */
  | 'reverts'
  | 'steers'
  | 'interrupts'

const effects = {
  initialize: 'introduces',
  'hooks/list': 'tellsFolder',
  'thread/start': 'startsThread',
  'thread/fork': 'forksThread',
  'thread/resume': 'resumesThread',
  'thread/unsubscribe': 'closesThread',
  'thread/archive': 'archivesThread',
  'thread/settings/update': 'changesSettings',
  'turn/settings/update': 'changesSettings',
  'turn/start': 'prompts',
  'review/start': 'begins',
  'thread/compact/start': 'begins',
  'thread/shellCommand': 'beginsOrJoins',
  'thread/queue/add': 'queues',
  'thread/queue/list': 'queues',
  'thread/queue/update': 'queues',
  'thread/queue/delete': 'queues',
  'thread/queue/reorder': 'queues',
  'thread/queue/start': 'queues',
  'thread/revert': 'reverts',
  'turn/steer': 'steers',
  'turn/interrupt': 'interrupts',
} as const satisfies Partial<Record<ClientMethod, RequestEffect>>

export function effectOf(method: string): RequestEffect | undefined {
  return Object.hasOwn(effects, method) ? effects[method as keyof typeof effects] : undefined
}
