/** Finds turns that a thread is held busy by while Codex, asked through the daemon, says that it runs nothing there. */
import * as v from 'valibot'
import type { DaemonClient } from '../client/connection/daemon-client.ts'
import { awakeDelay } from '../platform/time/awake-clock.ts'

export interface HeldTurn {
  readonly threadId: string
  readonly name: string | null
  /** Null where Codex has not named it yet. */
  readonly turnId: string | null
  readonly startedAt: string
}

const readSchema = v.object({ thread: v.object({ status: v.object({ type: v.string() }) }) })
const answerMs = 5000
/** Codex may say a moment after a turn has begun, or before it has ended here, that the thread is idle. */
const settledMs = 1000

export async function findHeldTurns(client: DaemonClient): Promise<HeldTurn[]> {
  const found = await idleOf(client, await busyThreads(client))
  if (found.length === 0) return []
  await awakeDelay(settledMs)
  // One may have ended, and another begun, since it was asked for first.
  const turns = new Set(found.map(({ turnId }) => turnId))
  const still = (await busyThreads(client)).filter(({ turnId }) => turns.has(turnId))
  return idleOf(client, still)
}

async function idleOf(client: DaemonClient, busy: readonly HeldTurn[]): Promise<HeldTurn[]> {
  const idle = await Promise.all(busy.map(({ threadId }) => isIdle(client, threadId)))
  return busy.filter((_, index) => idle[index])
}

async function busyThreads(client: DaemonClient): Promise<HeldTurn[]> {
  const { threads } = await client.call('share/list', {}, { timeoutMs: answerMs })
  return threads.flatMap(({ threadId, name, turn }) =>
    turn ? [{ threadId, name, turnId: turn.turnId, startedAt: turn.startedAt }] : [],
  )
}

/** Where Codex does not answer, or in another form, nothing is claimed. */
async function isIdle(client: DaemonClient, threadId: string): Promise<boolean> {
  const params = { threadId, includeTurns: false }
  const answer = await client.forward('thread/read', params, { timeoutMs: answerMs }).catch(() => undefined)
  const { success, output } = v.safeParse(readSchema, answer)
  return success && output.thread.status.type !== 'active'
}
