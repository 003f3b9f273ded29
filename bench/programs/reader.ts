/**
 * The measuring side, as a process of its own: some number of peers on one thread that count what they are sent. The first of
 * them starts the turns. Started with `fork`; it ends when its parent does.
 */
import { connectAppServerPeer } from '../wires/app-server-peer.ts'
import { connectDaemonPeer } from '../wires/daemon-peer.ts'
import { type Peer, prompt } from '../wires/peer.ts'

export interface ReaderOptions {
  readonly via: 'daemon' | 'direct'
  readonly socketPath: string
  readonly peers: number
  /** Deltas carry the time they were sent at, and what they took is to be reported. */
  readonly timed: boolean
}

/** What the parent asks for: a turn with this text, which is answered with so many deltas. */
export interface TurnOrder {
  readonly text: string
  readonly deltas: number
}

export interface TurnReport {
  /** Deltas that came, of all peers together; a peer that fell behind is spared those of an item that is complete by then. */
  readonly deliveries: number
  readonly spared: number
  /** From the first delta at any peer to the last at any peer. */
  readonly seconds: number
  /** Events that came with an id that is not above the one before. */
  readonly outOfOrder: number
  /** From the sending of `turn/start` until `turn/started` was there, and until `turn/completed` was. */
  readonly startedMs: number
  readonly completedMs: number
  /** Milliseconds that each delta took; empty unless `timed`. */
  readonly latenciesMs: readonly number[]
}

const { via, socketPath, peers: count, timed }: ReaderOptions = JSON.parse(process.argv[2] ?? '{}')
const now = () => Number(process.hrtime.bigint()) / 1e6
const stampStart = '"delta":"'

let expected = 0
let deliveries = 0
let outOfOrder = 0
let [orderedAt, startedAt, firstAt, lastAt] = [0, 0, 0, 0]
let latenciesMs: number[] = []
let turnsOpen = 0

async function connectPeer(isFirst: boolean): Promise<Peer> {
  let lastId = 0
  return (via === 'daemon' ? connectDaemonPeer : connectAppServerPeer)({
    socketPath,
    onDelta(id, bytes, start, end) {
      if (deliveries++ === 0) firstAt = now()
      if (deliveries === expected) lastAt = now()
      if (id <= lastId && via === 'daemon') outOfOrder += 1
      lastId = id
      if (timed) latenciesMs.push(now() - stampIn(bytes.toString('latin1', start, end)))
    },
    onNotification(method) {
      // What was spared is told as a whole.
      if (method === 'item/completed' && deliveries < expected) lastAt = now()
      if (method === 'turn/started' && isFirst) startedAt = now()
      if (method === 'turn/completed' && --turnsOpen === 0) report()
    },
  })
}

function stampIn(line: string): number {
  return Number.parseInt(line.slice(line.indexOf(stampStart) + stampStart.length), 10) / 1e6
}

function report(): void {
  const seconds = (lastAt - firstAt) / 1000
  const [startedMs, completedMs] = [startedAt - orderedAt, now() - orderedAt]
  const spared = expected - deliveries
  const done: TurnReport = { deliveries, spared, seconds, outOfOrder, startedMs, completedMs, latenciesMs }
  process.send?.(done)
}

const first = await connectPeer(true)
const threadId = await first.startThread()
for (let peer = 1; peer < count; peer += 1) await (await connectPeer(false)).follow(threadId)

process.on('message', ({ text, deltas }: TurnOrder) => {
  ;[expected, deliveries, outOfOrder, latenciesMs, turnsOpen] = [deltas * count, 0, 0, [], count]
  orderedAt = now()
  first.call('turn/start', prompt(threadId, text)).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`)
    process.exit(1)
  })
})
process.on('disconnect', () => process.exit(0))
process.send?.({ threadId })
