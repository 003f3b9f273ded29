/** The second action of `/share`: goes into a thread that is shared, or that Codex knows and is opened by this. */
import type { DaemonClient } from '../../client/daemon-client.ts'
import { ShareError } from '../../protocol/errors.ts'
import type { ShareEvent } from '../../protocol/events.ts'
import type { BlockBody } from '../state/block.ts'
import { type Desk, openLink, whileDoing } from './desk.ts'
import { goShared } from './go-shared.ts'
import { hint, startSharing } from './share-thread.ts'

export interface JoinOptions {
  /** An id, the beginning of one, a name, or `last`. */
  readonly reference: string
  /** Id of the event that the person saw last, where that is known. */
  readonly seen?: number
}

const openMs = 90_000
/** Several screenfuls. A long thread opens fast because the rest is not read. */
const recentEvents = 300
const mostUnseen = 3000

/** @throws ShareError `notFound` and nothing is changed; `unavailable` without a daemon */
export async function joinThread(desk: Desk, { reference, seen }: JoinOptions): Promise<void> {
  const { session } = desk.store.state
  if (session.turn !== null && session.mode === 'LOCAL')
    return hint(desk, 'a turn is running: wait for its end, or interrupt it with Esc, then join')
  if (session.mode === 'LOCAL' && session.threadId === reference) return startSharing(desk)
  await whileDoing(desk, 'joining…', async () => {
    const stop = new AbortController()
    const link = openLink(desk, stop.signal)
    try {
      const client = await link.client()
      const { thread } = await client.call('share/resolve', { thread: reference }, { timeoutMs: openMs })
      const recent = await readRecent(client, thread.threadId, seen)
      const head: BlockBody[] = [
        {
          kind: 'notice',
          look: 'good',
          text: `\n● joined shared session ${thread.threadId}${seen === undefined ? '' : ', where you left it'}`,
        },
        ...(recent.earlier ? [earlier(recent.events)] : []),
      ]
      await goShared(desk, { link, stop, thread, recent: recent.events, head })
    } catch (error) {
      stop.abort()
      link.close()
      throw error
    }
  })
}

/** The newest events, and all since the one that was seen last unless those are very many. */
async function readRecent(client: DaemonClient, threadId: string, seen: number | undefined) {
  const events: ShareEvent[] = []
  let before: number | undefined
  for (;;) {
    const page = await client.call('share/events', {
      threadId,
      limit: recentEvents,
      ...(before === undefined ? {} : { before }),
    })
    events.unshift(...page.events)
    const first = page.events[0]?.id
    const isEnough = seen === undefined || first === undefined || first <= seen || events.length >= mostUnseen
    if (isEnough) return { events, earlier: (first ?? 1) > 1 && page.events.length === recentEvents }
    before = first
  }
}

function earlier([first]: readonly ShareEvent[]): BlockBody {
  return { kind: 'notice', look: 'quiet', text: `… what came before event ${first?.id ?? 1} is shown by /history` }
}

/** An error that means the reference and not the way. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ShareError && (error.errorName === 'notFound' || error.errorName === 'usage')
}
