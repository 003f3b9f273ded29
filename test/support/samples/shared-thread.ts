/** A shared thread in which something was said, followed by a peer and open in a stock client. */
import { once } from 'node:events'
import { join } from 'node:path'
import * as v from 'valibot'
import { connectStockPeer, type StockPeer } from '../peers/stock-peer.ts'
import type { TestPeer } from '../peers/test-peer.ts'
import type { TestSite } from '../sites/daemon-process.ts'
import { eventually } from '../waiting/eventually.ts'

export interface SharedThread {
  readonly threadId: string
  /** Follows the thread, and answers approvals. */
  readonly peer: TestPeer
  readonly stock: StockPeer
  /** What the ledger tells of the starts and ends of turns, in order. */
  turns(): readonly string[]
  /** The turn that has the slot; null when the thread is idle. */
  running(): Promise<{ readonly turnId: string | null; readonly by: string | null } | null>
  /** Waits until a turn has the slot, other than these, and returns its id. */
  nextTurn(...before: readonly string[]): Promise<string>
  untilIdle(): Promise<void>
  /** Submits a prompt, and returns the id of the turn once that has ended. */
  say(text: string): Promise<string>
  /** What a second prompt is told. */
  refusal(): Promise<unknown>
}

const listSchema = v.object({
  threads: v.array(
    v.object({
      threadId: v.string(),
      turn: v.nullable(v.object({ turnId: v.nullable(v.string()), by: v.nullable(v.object({ label: v.string() })) })),
    }),
  ),
})

/** Opens a new thread on a daemon that runs, or the one of this id. */
export async function openSharedThread(site: TestSite, known?: string): Promise<SharedThread> {
  const peer = await site.connect({ label: 'ada', answers: true })
  const threadId = known ?? (await peer.startThread())
  await peer.follow(threadId, 0)
  const stock = await connectStockPeer(join(site.runtimeDir, 'codex.sock'))
  const say: SharedThread['say'] = async (text) => {
    const { turn } = await peer.submit(threadId, text)
    await peer.turnEnd(turn.id)
    return turn.id
  }
  if (known === undefined) await say('say hello')
  await stock.call('thread/resume', { threadId, excludeTurns: true })
  const running: SharedThread['running'] = async () => {
    const { threads } = v.parse(listSchema, await peer.call('share/list', {}))
    const turn = threads.find((thread) => thread.threadId === threadId)?.turn
    return turn ? { turnId: turn.turnId, by: turn.by?.label ?? null } : null
  }
  return {
    threadId,
    peer,
    stock,
    turns: () =>
      peer.events
        .filter(({ method }) => method === 'turn/started' || method === 'turn/completed')
        .map(({ method, turnId }) => `${method} ${turnId}`),
    running,
    nextTurn: (...before) =>
      eventually('a turn runs', async () => {
        const turnId = (await running())?.turnId
        return turnId && !before.includes(turnId) ? turnId : undefined
      }),
    untilIdle: async () => {
      await eventually('the thread is idle', async () => (await running()) === null)
    },
    say,
    refusal: () => peer.submit(threadId, 'meanwhile').catch((error: unknown) => error),
  }
}

/** Ends a daemon as its user would, and starts the next one, on the same app-server. */
export async function restartDaemon(site: TestSite, daemon: Awaited<ReturnType<TestSite['startDaemon']>>) {
  daemon.kill('SIGTERM')
  await once(daemon, 'exit')
  return site.startDaemon()
}

/** A turn that began and ended, as `turns` tells it. */
export function whole(...turnIds: readonly string[]): string[] {
  return turnIds.flatMap((turnId) => [`turn/started ${turnId}`, `turn/completed ${turnId}`])
}
