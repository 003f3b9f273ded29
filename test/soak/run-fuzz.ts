/**
 * Garbage from many connections at once on both sockets of a real daemon with the real app-server, in the midst of turns.
 *
 *   node test/soak/run-fuzz.ts [--seconds 300] [--seed N] [--from CASE]
 *
 * Meanwhile a peer that behaves on each socket is to be answered, by the same process throughout; at the end a turn in a new thread runs
 * to its end. Prints the seed, and exits with 1 when a promise was broken. What a connection writes depends on the seed and the case's
 * number, and on the ids of this run; `--from` begins with a later case.
 */
import { existsSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { connectStockPeer } from '../support/peers/stock-peer.ts'
import { makeSite } from '../support/sites/daemon-process.ts'
import { type FuzzCase, fuzzCase } from './fuzz/cases.ts'

const { values } = parseArgs({
  options: { seconds: { type: 'string' }, seed: { type: 'string' }, from: { type: 'string' } },
})
const seconds = Number(values.seconds ?? 300)
const seed = Number(values.seed ?? Date.now() % 1_000_000)
const connectionsAtOnce = 16
/** What a connection waits for an answer before it leaves; most have one, or are ended, long before. */
const mostStayMs = 500
/** On a busy machine a turn of the event loop may take its time; nobody who behaves waits longer than this. */
const answerMs = 20_000
const stopAtMs = Date.now() + seconds * 1000
const broken: string[] = []
const isOver = () => Date.now() > stopAtMs || broken.length > 0

process.stdout.write(`fuzz: ${seconds} s, seed ${seed}\n`)
const site = await makeSite({
  approvalPolicy: 'on-request',
  settings: { limits: { frameBytes: 1024 * 1024, connections: 200 } },
})
const daemon = await site.startDaemon()
const paths = { daemon: site.socket, codex: join(site.runtimeDir, 'codex.sock') }
const onExit = (code: number | null, signal: string | null) => broken.push(`the daemon ended with ${code ?? signal}`)
daemon.once('exit', onExit)

const owner = await site.connect({ label: 'owner', answers: true })
const named = { threadIds: [] as string[], turnIds: [] as string[], approvalIds: [] as string[] }
const count = { connections: 0, http: 0, frames: 0, messages: 0, turns: 0, replies: 0, bytes: 0 }
const slowest = { daemon: 0, codex: 0 }
const open = new Map<number, FuzzCase>()

/** Turns, one after the other: some are long, some wait for an approval. What the cases do to them is theirs to do. */
async function keepTurning(threadId: string): Promise<void> {
  for (let round = 0; !isOver(); round += 1) {
    const prompt = ['slow 20', 'deltas 300 20', 'ask true', 'run true'][round % 4] ?? ''
    const started = await owner.submit(threadId, prompt).catch(() => undefined)
    if (!started) {
      await owner.call('turn/interrupt', { threadId, turnId: named.turnIds.at(-1) ?? '' }).catch(() => {})
      await delay(50)
      continue
    }
    count.turns += 1
    named.turnIds.splice(0, named.turnIds.length, ...named.turnIds.slice(-3), started.turn.id)
    const endsAtMs = Date.now() + 3000
    const isRunning = () =>
      !owner.events.some(({ method, turnId }) => method === 'turn/completed' && turnId === started.turn.id)
    while (!isOver() && isRunning() && Date.now() < endsAtMs) await delay(20)
    const asked = owner.told.filter(({ method }) => method === 'share/approval')
    named.approvalIds = asked.slice(-3).map(({ params }) => String((params as { approvalId: unknown }).approvalId))
    owner.events.length = 0
  }
}

/** Asks again and again, as somebody who works with it would. */
async function keepAsking(socket: 'daemon' | 'codex', ask: () => Promise<unknown>): Promise<void> {
  while (!isOver()) {
    const fromMs = performance.now()
    const answer = await Promise.race([ask(), delay(answerMs, 'late', { ref: false })]).catch((error: unknown) => error)
    slowest[socket] = Math.max(slowest[socket], performance.now() - fromMs)
    if (answer === 'late' || answer instanceof Error)
      broken.push(`who behaves on ${socket}.sock has: ${String(answer)}`)
    count.replies += 1
    await delay(20)
  }
}

let nextCase = Number(values.from ?? 0)

async function keepConnecting(): Promise<void> {
  while (!isOver()) {
    const number = nextCase++
    const drawn = fuzzCase(seed, number, named)
    open.set(number, drawn)
    await play(drawn)
    open.delete(number)
    count.connections += 1
    count[drawn.kind] += drawn.messages
  }
}

/** Writes it all, and stays as long as something comes back, but not for long. */
async function play({ socket: name, writes, hasty }: FuzzCase): Promise<void> {
  const socket = connect(paths[name])
  let cameAtMs: number | undefined
  socket.on('error', () => {})
  socket.on('data', (data) => {
    cameAtMs = performance.now()
    count.bytes += data.length
  })
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  for (const bytes of writes) socket.write(bytes)
  if (!hasty) {
    const untilMs = performance.now() + mostStayMs
    const isQuiet = () => performance.now() > Math.min(untilMs, (cameAtMs ?? untilMs) + 50)
    while (!socket.destroyed && !isQuiet()) await Promise.race([closed, delay(20)])
  }
  socket.destroy()
  await closed
}

function residentMiB(): number {
  const status = existsSync(`/proc/${daemon.pid}/status`) ? readFileSync(`/proc/${daemon.pid}/status`, 'utf8') : ''
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024)
}

/** What the daemon's log has of connections that were ended for what they did, by what was thrown. */
function endedInLog(): Record<string, number> {
  const ended: Record<string, number> = {}
  for (const line of site.daemonLog().split('\n')) {
    if (!line.includes('serving it failed') && !line.includes('the daemon failed')) continue
    const { err } = JSON.parse(line) as { err: { message: string; stack: string } }
    const place = err.stack.split('\n').find((one) => one.includes('/src/')) ?? ''
    const what = `${err.message} ${place.trim().replace(/\(?file:.*\/src\//, '(src/')}`
    ended[what] = (ended[what] ?? 0) + 1
  }
  return ended
}

let failed = true
try {
  const stock = await connectStockPeer(paths.codex)
  for (const name of ['one', 'two']) {
    const threadId = await owner.startThread(name)
    named.threadIds.push(threadId)
    await owner.follow(threadId)
    await stock.call('thread/resume', { threadId, excludeTurns: true })
  }
  await Promise.all([
    ...named.threadIds.slice().map(keepTurning),
    keepAsking('daemon', async () => {
      const { pid } = (await owner.call('share/status', {}, { timeoutMs: answerMs })).daemon as { pid: number }
      if (pid !== daemon.pid) throw new Error(`process ${pid} answers, and not ${daemon.pid}`)
    }),
    keepAsking('codex', () => stock.call('thread/loaded/list', {})),
    ...Array.from({ length: connectionsAtOnce }, keepConnecting),
  ])
  if (stock.closed) broken.push('who behaves on codex.sock was let go')
  if (owner.closed) broken.push('who behaves on daemon.sock was let go')
  if (broken.length === 0) {
    const threadId = await owner.startThread('afterwards')
    await owner.follow(threadId)
    const { turn } = await owner.submit(threadId, 'hello')
    const status = await owner.turnEnd(turn.id)
    if (status !== 'completed') broken.push(`a turn afterwards ended as ${status}`)
  }
  const { connections, http, frames, messages, turns, replies, bytes } = count
  process.stdout.write(
    `${connections} connections: ${messages} messages, ${frames} frames and messages among frames, ${http} HTTP requests; ` +
      `${turns} turns; ${Math.round(bytes / 1024)} KiB came back\n` +
      `${replies} answers to those who behave, at most after ${Math.round(slowest.daemon)} ms on daemon.sock and ` +
      `${Math.round(slowest.codex)} ms on codex.sock; the daemon has ${residentMiB()} MiB\n`,
  )
  stock.close()
  failed = broken.length > 0
} catch (error) {
  broken.push(String(error))
} finally {
  for (const [what, times] of Object.entries(endedInLog())) process.stdout.write(`ended, ${times} times: ${what}\n`)
  if (failed) {
    for (const [number, { socket, kind }] of open)
      process.stdout.write(`open was case ${number}: ${kind} on ${socket}.sock\n`)
    process.stdout.write(`${site.daemonLog().split('\n').slice(-6).join('\n')}\n`)
  }
  daemon.off('exit', onExit)
  await site.close()
}
for (const promise of new Set(broken)) process.stdout.write(`BROKEN: ${promise}\n`)
process.stdout.write(broken.length === 0 ? 'all promises kept\n' : `${broken.length} broken (seed ${seed})\n`)
process.exit(broken.length === 0 ? 0 : 1)
