/**
 * Everything at once for a while: scripts post, others follow, and the daemon, the app-server and the socket are taken away at random.
 *
 *   node test/soak/run-soak.ts [--seconds 300] [--seed N]
 *
 * At the end: what was acknowledged is in the ledger once, every follower has the ledger's events in order and once, one daemon is
 * there and its memory has not grown. Prints the seed, and exits with 1 when a promise was broken.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { makeScriptedHome } from '../../src/demo/scripted-home.ts'
import { startScriptedModel } from '../../src/demo/scripted-model.ts'
import { readLiveRecord } from '../../src/platform/processes/process-record.ts'
import { makeScratch } from '../support/scratch.ts'
import { eventually } from '../support/waiting/eventually.ts'
import { signalIfThere } from '../support/waiting/signal-if-there.ts'
import { seededRandom } from './random.ts'

const { values } = parseArgs({ options: { seconds: { type: 'string' }, seed: { type: 'string' } } })
const seconds = Number(values.seconds ?? 300)
const seed = Number(values.seed ?? Date.now() % 1_000_000)
const random = seededRandom(seed)
const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T
const program = join(import.meta.dirname, '../../bin/run.js')
const startedMs = Date.now()
const isOver = () => Date.now() - startedMs > seconds * 1000

interface Outcome {
  readonly requestId: string
  readonly code: number | null
  readonly turnId: string | null
}
interface LedgerEvent {
  readonly id: number
  readonly method: string
  readonly turnId: string | null
  readonly params: { readonly item?: { readonly type: string; readonly clientId?: string } }
}

const scratch = makeScratch()
const prompts = new Map<string, number>()
const model = await startScriptedModel({
  script: ({ prompt }) => {
    prompts.set(prompt, (prompts.get(prompt) ?? 0) + 1)
    return [{ say: 'word '.repeat(20 + Math.floor(random() * 200)), everyMs: random() < 0.3 ? 5 : 0 }]
  },
})
makeScriptedHome({ dir: scratch.codexHome, baseUrl: model.baseUrl })
const env = scratch.env
const { ownerRecord, appServerRecord } = scratch
const children = new Set<ChildProcess>()

function start(args: readonly string[]): { child: ChildProcess; lines: string[]; ended: Promise<number | null> } {
  const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'ignore'] })
  children.add(child)
  const lines: string[] = []
  let rest = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n')
    rest = parts.pop() ?? ''
    lines.push(...parts)
  })
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      children.delete(child)
      resolve(code)
    })
  })
  return { child, lines, ended }
}

async function run(...args: string[]): Promise<{ code: number | null; lines: string[] }> {
  const { lines, ended } = start(args)
  return { code: await ended, lines }
}

async function newThread(name: string): Promise<string> {
  const { code, lines } = await run('start', '--name', name, '--json')
  if (code !== 0) throw new Error(`share start ended with ${code}`)
  return (JSON.parse(lines[0] ?? '') as { threadId: string }).threadId
}

const outcomes: Outcome[] = []
let lastRequest = 0

/** Posts until the time is over; a post whose outcome is not known is repeated with the same id. */
async function keepPosting(thread: string): Promise<void> {
  while (!isOver()) {
    lastRequest += 1
    const requestId = `request-${lastRequest}`
    const args = ['post', '--thread', thread, '--prompt', `prompt of ${requestId}`, '--request-id', requestId, '--json']
    let { code, lines } = await run(...args, ...(random() < 0.3 ? ['--no-wait'] : []))
    if (code === 6 || code === 5) ({ code, lines } = await run(...args))
    const last = lines.at(-1)
    const { turnId = null } = last ? (JSON.parse(last) as { turnId?: string }) : {}
    outcomes.push({ requestId, code, turnId: code === 0 || code === 7 ? turnId : null })
    await delay(random() * 200)
  }
}

const chaos: Record<string, number> = {}

/** Takes something away every so often. */
async function keepBreaking(): Promise<void> {
  while (!isOver()) {
    await delay(300 + random() * 2500)
    const what = pick(['daemon', 'daemon', 'daemon', 'restart', 'socket', 'app-server', 'stop', 'crowd'])
    chaos[what] = (chaos[what] ?? 0) + 1
    const daemon = await readLiveRecord(ownerRecord)
    const appServer = await readLiveRecord(appServerRecord)
    if (what === 'daemon' && daemon) signalIfThere(daemon.pid, 'SIGKILL')
    else if (what === 'app-server' && appServer) signalIfThere(-appServer.pid, 'SIGKILL')
    else if (what === 'socket') rmSync(join(scratch.runtimeDir, 'daemon.sock'), { force: true })
    else if (what === 'restart') await run('daemon', 'restart')
    else if (what === 'stop') await run('daemon', 'stop')
    else if (what === 'crowd') await Promise.all(Array.from({ length: 8 }, () => run('list', '--json')))
  }
}

function statusOf(pid: number): { residentKiB: number; descriptors: number } {
  const residentKiB = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
  return { residentKiB, descriptors: readdirSync(`/proc/${pid}/fd`).length }
}

async function readAll(thread: string): Promise<LedgerEvent[]> {
  const events: LedgerEvent[] = []
  for (let after: number | null = 0; after !== null; ) {
    const { code, lines } = await run('get', '--thread', thread, '--after', String(after), '--limit', '1000', '--json')
    if (code !== 0) throw new Error(`share get ended with ${code}`)
    const page = JSON.parse(lines[0] ?? '') as { events: LedgerEvent[]; next: number | null }
    events.push(...page.events)
    after = page.next
  }
  return events
}

const lasting = ({ method }: { method: string }) => !/[dD]elta$/.test(method)
const failures: string[] = []
const check = (holds: boolean, promise: string) => {
  if (!holds) failures.push(promise)
}

try {
  process.stdout.write(`soak: ${seconds} s, seed ${seed}\n`)
  const threads = await Promise.all(['one', 'two'].map(newThread))
  const tails = threads.flatMap((thread) =>
    [1, 2].map(() => ({ thread, ...start(['tail', '--thread', thread, '--from', '1', '--json']) })),
  )
  await Promise.all([keepBreaking(), ...threads.flatMap((thread) => [keepPosting(thread), keepPosting(thread)])])

  await eventually(
    'all turns end',
    async () => {
      const { code, lines } = await run('list', '--json')
      const list = code === 0 ? (JSON.parse(lines[0] ?? '[]') as { turn: unknown }[]) : undefined
      return list?.every(({ turn }) => turn === null)
    },
    60_000,
  )
  for (const thread of threads) {
    const events = await readAll(thread)
    const head = events.at(-1)?.id ?? 0
    check(new Set(events.map(({ id }) => id)).size === events.length, `${thread}: an id stands twice in the ledger`)
    for (const tail of tails.filter((one) => one.thread === thread)) {
      check(tail.child.exitCode === null, `${thread}: a tail gave up`)
      const seen = () => tail.lines.map((line) => JSON.parse(line) as LedgerEvent)
      await eventually('the tail reaches the head', () => (seen().at(-1)?.id ?? 0) >= head, 30_000)
      const ids = (all: readonly LedgerEvent[]) =>
        all
          .filter(lasting)
          .map(({ id }) => id)
          .join()
      check(ids(seen().filter(({ id }) => id <= head)) === ids(events), `${thread}: a tail differs from the ledger`)
    }
    const started = events.filter(({ method }) => method === 'turn/started').map(({ turnId }) => turnId)
    const ended = events.filter(({ method }) => method === 'turn/completed').map(({ turnId }) => turnId)
    check(new Set(started).size === started.length, `${thread}: a turn started twice`)
    check(started.slice().sort().join() === ended.slice().sort().join(), `${thread}: turns and their ends do not match`)
    const taken = events.filter(
      ({ method, params }) => method === 'item/completed' && params.item?.type === 'userMessage',
    )
    const requestIds = taken.map(({ params }) => params.item?.clientId)
    check(new Set(requestIds).size === requestIds.length, `${thread}: a prompt was taken twice`)
  }
  const all = (await Promise.all(threads.map(readAll))).flat()
  for (const { turnId, requestId } of outcomes)
    check(turnId === null || all.some((event) => event.turnId === turnId), `${requestId} was acknowledged and is lost`)
  for (const [prompt, times] of prompts) check(times === 1, `the model was asked ${times} times: ${prompt}`)
  const odd = outcomes.filter(({ code }) => ![0, 3, 5, 6, 7].includes(code ?? -1))
  for (const { requestId, code } of odd) failures.push(`${requestId} ended with exit code ${code}`)
  const daemon = await readLiveRecord(ownerRecord)
  check(daemon !== undefined, 'no daemon is there at the end')
  const codes = Object.groupBy(outcomes, ({ code }) => String(code))
  const summary = Object.entries(codes).map(([code, list]) => `${list?.length} × ${code}`)
  const broken = Object.entries(chaos).map(([what, times]) => `${times} × ${what}`)
  const size = daemon ? statusOf(daemon.pid) : undefined
  process.stdout.write(
    `${outcomes.length} posts (exit codes: ${summary.join(', ')}); broke ${broken.join(', ')}; ${all.length} events\n`,
  )
  process.stdout.write(`the daemon has ${size?.residentKiB} KiB resident and ${size?.descriptors} descriptors\n`)
} finally {
  for (const child of children) child.kill('SIGKILL')
  await run('daemon', 'stop', '--all')
  await model.close()
  if (failures.length === 0) scratch.remove()
}
for (const failure of new Set(failures)) process.stdout.write(`BROKEN: ${failure}\n`)
process.stdout.write(
  failures.length === 0 ? 'all promises kept\n' : `${failures.length} broken (seed ${seed}, ${scratch.dir})\n`,
)
process.exitCode = failures.length === 0 ? 0 : 1
