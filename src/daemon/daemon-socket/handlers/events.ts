/** `share/subscribe`, `share/unsubscribe`, `share/events`: reading what the ledger has. */
import { ShareError } from '../../../protocol/errors.ts'
import type { StartingPoint } from '../../../protocol/events.ts'
import { JsonText } from '../../../rpc/rpc-peer.ts'
import type { DaemonCore } from '../../core.ts'
import { sayClosed } from '../../threads/let-go.ts'
import { ChannelSink } from '../channel-sink.ts'
import type { Handler } from '../handler.ts'

const defaultPage = 200
/** A page stops at about this size, whatever its limit: no reply may fill a peer's queue. */
const pageBytes = 3 * 1024 * 1024

interface Start {
  readonly after?: number | undefined
  readonly from?: StartingPoint | undefined
}

export const onSubscribe: Handler<'share/subscribe'> = (
  { feed, ledger, peers, recorder, slots, directory, approvals, log },
  params,
  peer,
) => {
  const { threadId } = params
  requireThread({ ledger }, threadId)
  recorder.flush()
  const head = ledger.events.head(threadId)
  const cursor = cursorOf({ ledger }, threadId, params) ?? head
  if (!directory.isShared(threadId)) {
    // Reading does not share it again: there is what was recorded, and the end.
    const sink = new ChannelSink(peer.channel, () => sayClosed(peers, peer, threadId))
    peers.addFollower(peer, threadId, feed.follow(sink, threadId, cursor))
    return { head, turn: null }
  }
  peers.addFollower(peer, threadId, feed.follow(new ChannelSink(peer.channel), threadId, cursor))
  // Behind the reply: whoever asked knows by then that it follows.
  setImmediate(() =>
    peer.channel.guard.run(() => {
      approvals.onFollower(peer, threadId)
      if (recorder.problem !== null) peer.rpc.notify('share/ledger', { problem: recorder.problem })
    }),
  )
  // What Codex does now must come in as well; the ledger can be read meanwhile, even when Codex is away.
  directory
    .followAgain(threadId)
    .catch((error: unknown) => log.warn({ err: error, threadId }, 'following without Codex'))
  return { head, turn: slots.active(threadId) }
}

export const onUnsubscribe: Handler<'share/unsubscribe'> = ({ peers }, { threadId }, peer) => {
  peers.removeFollower(peer, threadId)
  return {}
}

export const onEvents: Handler<'share/events'> = ({ ledger, recorder }, params) => {
  const { threadId, before, limit = defaultPage } = params
  requireThread({ ledger }, threadId)
  recorder.flush()
  const { events } = ledger
  const start = cursorOf({ ledger }, threadId, params) ?? events.cursorBeforeNewest(threadId, limit, before)
  const asked = params.after !== undefined || params.from !== undefined
  const gap = events.gap(threadId, start)
  const cursor = gap?.to ?? start
  const page: string[] = []
  let [last, bytes] = [cursor, 0]
  for (const { id, json } of events.page(threadId, cursor, limit)) {
    if (bytes > pageBytes || (before !== undefined && id >= before)) break
    page.push(json)
    bytes += json.length
    last = id
  }
  const next = last < events.head(threadId) ? last : null
  return new JsonText(`{"events":[${page.join(',')}],"next":${next},"gap":${JSON.stringify(asked ? gap : null)}}`)
}

function requireThread({ ledger }: Pick<DaemonCore, 'ledger'>, threadId: string): void {
  if (!ledger.threads.has(threadId)) throw new ShareError('notFound', `thread ${threadId} is not shared`)
}

/** Where reading begins, or undefined when the peer did not say. */
function cursorOf(
  { ledger }: Pick<DaemonCore, 'ledger'>,
  threadId: string,
  { after, from }: Start,
): number | undefined {
  if (after !== undefined && from !== undefined) throw new ShareError('usage', 'give either after or from, not both')
  const head = ledger.events.head(threadId)
  const asked = after ?? (from && 'id' in from ? from.id : undefined)
  const cursor = after ?? (from && 'id' in from ? from.id - 1 : undefined)
  if (cursor !== undefined && cursor > head)
    throw new ShareError('notFound', `thread ${threadId} has no event ${asked}: its newest is ${head}`, {
      facts: { head },
      hint: `Its events go up to ${head}; \`--from 1h\` reads by time.`,
    })
  if (after !== undefined) return Math.max(after, 0)
  return from && Math.max(ledger.events.cursorBefore(threadId, from), 0)
}
