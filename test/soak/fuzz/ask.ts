/**
 * A process that behaves, and asks all the time on one socket: how long its answers take is what everybody is promised.
 *
 * On `daemon.sock` it asks the daemon itself, on `codex.sock` Codex through it.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { connectStockPeer } from '../../support/peers/stock-peer.ts'
import { connectTestPeer } from '../../support/peers/test-peer.ts'
import { type AnswerTime, processorTimes } from './answer-times.ts'
import type { SocketName } from './grammar.ts'

export interface AskOrders {
  readonly socket: SocketName
  readonly path: string
  /** The process that is to answer on `daemon.sock`. */
  readonly daemonPid: number
  readonly threadIds: readonly string[]
}
/** `report` has it give the times since the last one, in milliseconds. */
export type ToAsker = { readonly begin: AskOrders } | { readonly report: true }
export interface AskReport {
  readonly times: readonly AnswerTime[]
  readonly broken: string | null
}

/** Nobody who behaves waits longer than this, whatever the machine does. */
const answerMs = 20_000
const pauseMs = 10
let times: AnswerTime[] = []
let broken: string | null = null

process.on('message', (message: ToAsker) => {
  if ('begin' in message) keepAsking(message.begin).catch(fail)
  else {
    const report: AskReport = { times, broken }
    process.send?.(report)
    times = []
  }
})
process.once('disconnect', () => process.exit(0))

async function keepAsking(orders: AskOrders): Promise<void> {
  const ask = await open(orders)
  const look = () => ({
    atMs: performance.now(),
    own: processorTimes(process.pid),
    daemon: processorTimes(orders.daemonPid),
  })
  process.send?.({ times: [], broken })
  while (broken === null) {
    const before = look()
    const answer = await Promise.race([ask(), delay(answerMs, 'late', { ref: false })])
    times.push(answerTime(orders.socket, before, look()))
    if (answer === 'late') throw new Error('no answer in time')
    await delay(pauseMs)
  }
}

async function open({ socket, path, daemonPid, threadIds }: AskOrders): Promise<() => Promise<unknown>> {
  if (socket === 'daemon') {
    const peer = await connectTestPeer(path, { label: 'asking' })
    if (peer.hello.pid !== daemonPid) throw new Error(`process ${peer.hello.pid} answers, and not ${daemonPid}`)
    return () => peer.call('share/list', {}, { timeoutMs: answerMs })
  }
  const stock = await connectStockPeer(path)
  stock.ws.once('close', () => fail('it was let go'))
  for (const threadId of threadIds) await stock.call('thread/resume', { threadId, excludeTurns: true })
  return async () => {
    stock.frames.length = 0
    await stock.call('thread/loaded/list', { limit: 5 })
  }
}

interface Look {
  readonly atMs: number
  readonly own: ReturnType<typeof processorTimes>
  readonly daemon: ReturnType<typeof processorTimes>
}

/** On `codex.sock` Codex has its part of the answer: the daemon's is how long it ran meanwhile. */
function answerTime(socket: SocketName, before: Look, after: Look): AnswerTime {
  const whole = after.atMs - before.atMs
  if (!before.daemon || !before.own || !after.daemon || !after.own) return { whole, own: whole }
  if (socket === 'codex') return { whole, own: Math.min(whole, after.daemon.ran - before.daemon.ran) }
  const waited = after.own.waited - before.own.waited + after.daemon.waited - before.daemon.waited
  return { whole, own: Math.max(0, whole - waited) }
}

function fail(error: unknown): void {
  broken ??= String(error)
}
