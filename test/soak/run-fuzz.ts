/**
 * What a grammar draws, right and wrong, from many connections at once on both sockets of a real daemon with the real app-server, in the
 * midst of turns.
 *
 * Meanwhile a process that behaves asks on each socket: it is answered by the same daemon throughout, under 100 ms at p99; at the end a
 * turn in a new thread runs to its end. Prints the seed, and exits with 1 when a promise was broken. What a connection writes depends on the
 * seed and the case's number, and on the ids of this run.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { makeSite } from '../support/sites/daemon-process.ts'
import { isPromptEnough, summarize, summaryText, type TimesSummary } from './fuzz/answer-times.ts'
import type { AskReport, ToAsker } from './fuzz/ask.ts'
import type { AttackReport, ToAttacker } from './fuzz/attack.ts'
import { FuzzChild } from './fuzz/child.ts'
import { coverageLines, forbiddenAcceptances, mergeMet } from './fuzz/coverage.ts'
import { Grammar, type SocketName } from './fuzz/grammar.ts'
import { readCodexRequests } from './fuzz/read-codex-requests.ts'
import { readOptions } from './read-options.ts'

const usage = `npm run fuzz -- [--seconds N] [--seed N] [--from CASE] [--untimed]

  --seconds   how long; 300 by default
  --seed      of the cases; printed by each run
  --from      the number of the first case
  --untimed   does not judge how fast others are answered, for a machine that does other things beside
`
const values = readOptions(
  usage,
  { seconds: { type: 'string' }, seed: { type: 'string' }, from: { type: 'string' }, untimed: { type: 'boolean' } },
  ['seconds', 'seed', 'from'],
)
const seconds = Number(values.seconds ?? 300)
const seed = Number(values.seed ?? Date.now() % 1_000_000)
const attackers = 2
const connectionsAtOnce = 16
/** Without the fuzz, for comparison. */
const calmMs = 3000
const broken: string[] = []
const say = (line: string) => process.stdout.write(`${line}\n`)

say(`fuzz: ${seconds} s, seed ${seed}`)
const folder = mkdtempSync(join(tmpdir(), 'codex-share-fuzz-'))
const codex = await readCodexRequests(folder)
rmSync(folder, { recursive: true })
const grammar = new Grammar(codex)
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
const attacking = Array.from({ length: attackers }, () => new FuzzChild<ToAttacker, AttackReport>('attack.ts'))
const asking = {
  daemon: new FuzzChild<ToAsker, AskReport>('ask.ts'),
  codex: new FuzzChild<ToAsker, AskReport>('ask.ts'),
}
let stopAtMs = Number.POSITIVE_INFINITY
let turns = 0
const isOver = () => Date.now() > stopAtMs || broken.length > 0

/** Turns, one after the other: some are long, some wait for an approval. What the cases do to them is theirs to do. */
async function keepTurning(threadId: string): Promise<void> {
  for (let round = 0; !isOver(); round += 1) {
    const prompt = ['slow 20', 'deltas 300 20', 'ask true', 'run true'][round % 4] ?? ''
    const started = await owner.submit(threadId, prompt).catch(() => undefined)
    if (!started) {
      await owner.call('turn/interrupt', { threadId, turnId: named.turnIds.at(-1) ?? '' }).catch(() => {})
      // A case may have stopped sharing it.
      await owner.call('share/open', { threadId }).catch(() => {})
      await owner.follow(threadId).catch(() => {})
      await delay(50)
      continue
    }
    turns += 1
    named.turnIds.splice(0, named.turnIds.length, ...named.turnIds.slice(-3), started.turn.id)
    const endsAtMs = Date.now() + 3000
    const isRunning = () =>
      !owner.events.some(({ method, turnId }) => method === 'turn/completed' && turnId === started.turn.id)
    while (!isOver() && isRunning() && Date.now() < endsAtMs) await delay(20)
    const asked = owner.told.filter(({ method }) => method === 'share/approval')
    named.approvalIds = asked.slice(-3).map(({ params }) => String((params as { approvalId: unknown }).approvalId))
    owner.told.splice(0, owner.told.length, ...asked.slice(-3))
    owner.events.length = 0
    for (const attacker of attacking) attacker.tell({ named })
  }
}

const socketNames = ['daemon', 'codex'] as const

/** The times since the last report. */
async function answerTimes(): Promise<Readonly<Record<SocketName, TimesSummary>>> {
  const entries = socketNames.map(async (socket) => {
    const { times, broken: reason } = await asking[socket].ask({ report: true })
    if (reason !== null) broken.push(`who behaves on ${socket}.sock has: ${reason}`)
    return [socket, summarize(times)] as const
  })
  return Object.fromEntries(await Promise.all(entries)) as Record<SocketName, TimesSummary>
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

async function prepare(): Promise<void> {
  for (const name of ['one', 'two']) {
    const threadId = await owner.startThread(name)
    named.threadIds.push(threadId)
    await owner.follow(threadId)
  }
  const begin = { daemonPid: daemon.pid ?? 0, threadIds: named.threadIds }
  for (const socket of socketNames) await asking[socket].ask({ begin: { ...begin, socket, path: paths[socket] } })
}

async function endWithATurn(): Promise<void> {
  const threadId = await owner.startThread('afterwards')
  await owner.follow(threadId)
  const { turn } = await owner.submit(threadId, 'hello')
  const status = await owner.turnEnd(turn.id)
  if (status !== 'completed') broken.push(`a turn afterwards ended as ${status}`)
}

let failed = true
try {
  await prepare()
  const turning = Promise.all(named.threadIds.map(keepTurning))
  await delay(calmMs)
  const calm = await answerTimes()
  stopAtMs = Date.now() + seconds * 1000
  const orders = { paths, codex, seed, step: attackers, connectionsAtOnce }
  for (const [index, attacker] of attacking.entries()) {
    attacker.tell({ begin: { ...orders, first: Number(values.from ?? 0) + index } })
    attacker.tell({ named })
  }
  while (!isOver()) await delay(100)
  const fuzzed = await answerTimes()
  const reports = await Promise.all(attacking.map((attacker) => attacker.ask({ stop: true })))
  await turning
  if (owner.closed) broken.push('who behaves on daemon.sock was let go')
  if (broken.length === 0) await endWithATurn()
  const sum = (of: (count: AttackReport['count']) => number) =>
    reports.reduce((total, { count }) => total + of(count), 0)
  say(
    `${sum(({ connections }) => connections)} connections: ${sum(({ messages }) => messages)} messages, ` +
      `${sum(({ frames }) => frames)} frames and messages among frames, ${sum(({ http }) => http)} HTTP requests; ` +
      `${turns} turns; ${Math.round(sum(({ bytes }) => bytes) / 1024)} KiB came back; the daemon has ${residentMiB()} MiB`,
  )
  const met = mergeMet(reports)
  for (const line of coverageLines(grammar, met)) say(line)
  for (const method of forbiddenAcceptances(grammar, met)) broken.push(`${method} was accepted on daemon.sock`)
  for (const socket of socketNames) {
    say(`${socket}.sock: ${summaryText(fuzzed[socket])}\n  without the fuzz: ${summaryText(calm[socket])}`)
    if (!values.untimed && !isPromptEnough(fuzzed[socket], calm[socket]))
      broken.push(`answers on ${socket}.sock are late`)
  }
  failed = broken.length > 0
  if (failed) for (const { open } of reports) for (const one of open) say(`open was ${one}`)
} catch (error) {
  broken.push(String(error))
} finally {
  for (const [what, times] of Object.entries(endedInLog())) say(`ended, ${times} times: ${what}`)
  if (failed) say(site.daemonLog().split('\n').slice(-6).join('\n'))
  for (const child of [...attacking, ...Object.values(asking)]) child.end()
  daemon.off('exit', onExit)
  await site.close()
}
for (const promise of new Set(broken)) say(`BROKEN: ${promise}`)
say(broken.length === 0 ? 'all promises kept' : `${broken.length} broken (seed ${seed})`)
process.exit(broken.length === 0 ? 0 : 1)
