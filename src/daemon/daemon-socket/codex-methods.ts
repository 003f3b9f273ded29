/** Which of Codex's own methods a peer on `daemon.sock` may use, and why: what is not in the table is refused. */
import type { Right } from '../peers/rights.ts'

interface CodexMethod {
  /** The least right that a peer must have. */
  readonly needs: Exclude<Right, 'none'>
  /** What peers need it for. */
  readonly why: string
}

/**
 * Left out on purpose: whatever runs a command or touches files without a thread's sandbox (`command/exec`, `process/*`, `fs/*`,
 * `thread/shellCommand`), changes Codex for all threads (`config/*`, logins, plugins, tool servers), or rewrites a conversation that
 * others have read (`thread/inject_items`, `thread/revert`, `thread/delete`). A person does that in Codex's own UI. `initialize` and
 * `thread/unsubscribe` act on a connection, and the connection to Codex is the daemon's own.
 */
export const codexMethods: Readonly<Record<string, CodexMethod>> = {
  'account/read': { needs: 'read', why: 'to say who is logged in' },
  'account/rateLimits/read': { needs: 'read', why: 'to show how much is left before starting something long' },
  'model/list': { needs: 'read', why: 'to offer the models there are' },
  'thread/list': { needs: 'read', why: 'to find a thread that is not shared yet' },
  'thread/loaded/list': { needs: 'read', why: 'to see whether a thread is still loaded before it is handed over' },
  'thread/read': { needs: 'read', why: 'to show a thread’s facts, such as its model' },
  'thread/search': { needs: 'read', why: 'to find a thread by what was said in it' },
  'thread/turns/list': { needs: 'read', why: 'to page through a conversation' },
  'thread/items/list': { needs: 'read', why: 'to page through a conversation' },
  'turn/start': { needs: 'post', why: 'to submit a prompt, through the one gate' },
  'turn/steer': { needs: 'post', why: 'to add to a turn that runs, one’s own unless steering was asked for outright' },
  'turn/interrupt': { needs: 'post', why: 'to end a turn, one’s own where the peer may only post' },
  'thread/queue/list': { needs: 'read', why: 'to see what waits until the thread is free' },
  'thread/queue/add': { needs: 'post', why: 'to have a prompt wait until the thread is free' },
  'thread/queue/update': { needs: 'post', why: 'to edit what waits, one’s own where the peer may only post' },
  'thread/queue/delete': { needs: 'post', why: 'to take back what waits, one’s own where the peer may only post' },
  'thread/queue/start': { needs: 'post', why: 'to go on with a queue that is held back, with the same limit' },
  'thread/queue/reorder': { needs: 'full', why: 'to change whose prompt is next' },
  'thread/start': { needs: 'full', why: 'to begin a thread' },
  'thread/resume': { needs: 'full', why: 'to load a thread; its settings are not loosened that way' },
  'thread/fork': { needs: 'full', why: 'to go on in a copy, which leaves the others’ thread alone' },
  'thread/name/set': { needs: 'full', why: 'to name a thread for everybody' },
  'thread/archive': { needs: 'full', why: 'to put a thread away' },
  'thread/unarchive': { needs: 'full', why: 'to bring it back' },
  'thread/settings/update': { needs: 'full', why: 'to change a thread’s settings, recorded with the author' },
  'thread/compact/start': { needs: 'full', why: 'to shorten a long conversation, as a turn like any other' },
  'review/start': { needs: 'full', why: 'to have changes reviewed, as a turn like any other' },
}
