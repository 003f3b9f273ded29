/**
 * What `codex.sock` costs beside a direct connection to the same app-server, which is the fixture that floods on demand:
 *
 *   node bench/codex-socket.ts [--quick] [--json]
 *
 * The way of a notification paced at 200/s with ten stock clients attached, and a flood of 200-byte deltas to one.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { connectStockPeer, type StockPeer } from '../test/support/peers/stock-peer.ts'
import { connectTestPeer } from '../test/support/peers/test-peer.ts'
import { makeScratch } from '../test/support/scratch.ts'
import { eventually } from '../test/support/waiting/eventually.ts'
import { median, percentile } from './measure/statistics.ts'

const { values: options } = parseArgs({ options: { quick: { type: 'boolean' }, json: { type: 'boolean' } } })
const rounds = options.quick ? 3 : 7
const paced = options.quick ? 200 : 600
const flooded = options.quick ? 20_000 : 60_000
const clients = 10

const root = join(import.meta.dirname, '..')
const scratch = makeScratch()
const env = { ...scratch.env, CODEX_SHARE_CODEX_BIN: join(root, 'test/fixtures/fake-app-server.ts') }
const daemon = spawn(process.execPath, [join(root, 'bin/run.js'), 'daemon', 'run'], { env, stdio: 'ignore' })
const [codexSocket, appServer] = [join(scratch.runtimeDir, 'codex.sock'), join(scratch.runtimeDir, 'app-server.sock')]
const open: StockPeer[] = []

async function connect(path: string): Promise<StockPeer> {
  const peer = await connectStockPeer(path)
  open.push(peer)
  return peer
}

/** Nanoseconds of the machine's monotonic clock that each delta of the turn took to this client; undefined before it has all. */
function waysOf(peer: StockPeer, count: number): () => number[] | undefined {
  const ways: number[] = []
  peer.ws.on('message', (data) => {
    const now = process.hrtime.bigint()
    const sent = /"delta":"(\d+)"/.exec(String(data))?.[1]
    if (sent !== undefined) ways.push(Number(now - BigInt(sent)))
  })
  return () => (ways.length === count ? ways : undefined)
}

/** Deltas a second from the first to the last that came. */
function rateOf(peer: StockPeer, count: number): () => number | undefined {
  let [seen, first, last] = [0, 0, 0]
  const mark = Buffer.from('{"method":"item/agentMessage/delta"')
  peer.ws.removeAllListeners('message')
  peer.ws.on('message', (data: Buffer) => {
    if (data.compare(mark, 0, mark.length, 0, mark.length) !== 0) return
    seen += 1
    last = performance.now()
    if (seen === 1) first = last
  })
  return () => (seen === count ? ((count - 1) / (last - first)) * 1000 : undefined)
}

async function pacedRound(path: string, count: number): Promise<number[]> {
  const peers = await Promise.all(Array.from({ length: count }, () => connect(path)))
  const [first] = peers
  if (!first) throw new Error('no client')
  const threadId = await threadFor(first, path)
  for (const peer of peers.slice(1)) await peer.call('thread/resume', { threadId, excludeTurns: true })
  const ways = peers.map((peer) => waysOf(peer, paced))
  await first.prompt(threadId, `pace ${paced} 5`)
  const all = await eventually(
    'all deltas came',
    () => {
      const done = ways.map((way) => way())
      return done.every((way) => way !== undefined) && done
    },
    60_000,
  )
  for (const peer of peers) peer.close()
  return all.flatMap((way) => way ?? [])
}

async function floodRound(path: string): Promise<number> {
  const peer = await connect(path)
  const threadId = await threadFor(peer, path)
  const rate = rateOf(peer, flooded)
  peer.send(
    JSON.stringify({
      id: 'flood',
      method: 'turn/start',
      params: { threadId, input: [{ type: 'text', text: `flood ${flooded} 60`, text_elements: [] }] },
    }),
  )
  const result = await eventually('the flood is over', rate, 60_000)
  peer.close()
  return result
}

/** Through the daemon the thread is shared by a first turn, so that the daemon records what the client gets. */
async function threadFor(peer: StockPeer, path: string): Promise<string> {
  const threadId = await peer.startThread()
  if (path === appServer) return threadId
  await peer.prompt(threadId, 'hello')
  await peer.told('turn/completed')
  await eventually('the daemon follows', () => daemonFollows(threadId))
  return threadId
}

async function daemonFollows(threadId: string): Promise<boolean> {
  const { threads } = await watcher.call('share/list', {})
  return (
    Array.isArray(threads) && threads.some((thread) => thread.threadId === threadId && thread.head > 0 && !thread.turn)
  )
}

const watcher = await eventually('the daemon answers', () =>
  connectTestPeer(join(scratch.runtimeDir, 'daemon.sock')).catch(() => undefined),
)
await eventually('the app-server is there', async () => {
  const { appServer: state } = await watcher.call('share/status', {})
  return typeof state === 'object' && state !== null && 'state' in state && state.state === 'ready'
})
try {
  const way = { direct: [] as number[][], through: [] as number[][] }
  const rate = { direct: [] as number[], through: [] as number[] }
  for (let round = 0; round < rounds; round += 1) {
    way.direct.push(await pacedRound(appServer, clients))
    way.through.push(await pacedRound(codexSocket, clients))
    rate.direct.push(await floodRound(appServer))
    rate.through.push(await floodRound(codexSocket))
  }
  const ms = (all: number[][], percent: number) => median(all.map((one) => percentile(one, percent))) / 1e6
  const table = {
    rounds,
    node: process.version,
    wayMs: {
      direct: { median: ms(way.direct, 50), p99: ms(way.direct, 99) },
      through: { median: ms(way.through, 50), p99: ms(way.through, 99) },
    },
    floodPerSecond: { direct: median(rate.direct), through: median(rate.through) },
  }
  if (options.json) process.stdout.write(`${JSON.stringify(table)}\n`)
  else {
    const { direct, through } = table.wayMs
    const flood = table.floodPerSecond
    const row = (name: string, ...cells: string[]) =>
      `${name.padEnd(44)}${cells.map((cell) => cell.padStart(12)).join('')}\n`
    process.stdout.write(
      `${rounds} rounds, medians, Node ${process.version}\n` +
        row('', 'direct', 'codex.sock', 'adds') +
        row(`way of a notification, ${clients} clients, median`, ...inMs(direct.median, through.median)) +
        row(`way of a notification, ${clients} clients, p99`, ...inMs(direct.p99, through.p99)) +
        row(
          'flood to one client, deltas a second',
          ...[flood.direct, flood.through].map((n) => Math.round(n).toLocaleString('en')),
          `× ${(flood.through / flood.direct).toFixed(2)}`,
        ),
    )
  }
} finally {
  for (const peer of open) peer.close()
  await watcher.call('share/shutdown', { appServer: true }).catch(() => {}) // Killed below if it does not.
  watcher.close()
  await Promise.race([
    new Promise((resolve) => daemon.once('exit', resolve)),
    new Promise((resolve) => setTimeout(resolve, 5000)),
  ])
  daemon.kill('SIGKILL')
  scratch.remove()
}

function inMs(direct: number, through: number): string[] {
  return [`${direct.toFixed(3)} ms`, `${through.toFixed(3)} ms`, `${(through - direct).toFixed(3)} ms`]
}
