/** `node bench/tui-run.ts`: the speed of the terminal UI, on the real daemon and app-server with the scripted model. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { build } from 'esbuild'
import { makeTuiSite, type TuiSite } from '../test/support/sites/tui-site.ts'
import { openPty, type Pty } from './tui-pty.ts'

const program = [process.execPath, join(import.meta.dirname, '../bin/run.js')]
const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
const at99 = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length * 0.99)] ?? 0
let nextKey = 0x4e00
const longEvents = 50_000
const say = (line: string) => process.stdout.write(`${line}\n`)

const site = await makeTuiSite()
try {
  await firstScreen(site)
  await keysWhileStreaming(site)
  await longThread(site)
} finally {
  await site.close()
}
process.exit(0)

/** Until the composer is there, beside the least that Ink can do. */
async function firstScreen({ env, dir }: TuiSite): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'codex-share-bench-'))
  const hello = join(folder, 'hello.mjs')
  await build({
    stdin: {
      contents: `import { render, Text } from 'ink'; import { createElement } from 'react'; render(createElement(Text, null, '› '), { interactive: true }); setTimeout(() => {}, 5000)`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: hello,
    define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
    banner: { js: 'import { createRequire as r } from "node:module"; const require = r(import.meta.url);' },
    plugins: [
      {
        name: 'without-devtools',
        setup: ({ onLoad }) => onLoad({ filter: /\/ink\/build\/devtools\.js$/ }, () => ({ contents: '' })),
      },
    ],
  })
  const time = async (command: readonly string[]) => {
    const pty = openPty(command, { env, cwd: dir })
    const ms = await pty.until('›')
    pty.close()
    return ms
  }
  const [ours, bare]: [number[], number[]] = [[], []]
  for (let round = 0; round < 9; round += 1) {
    bare.push(await time([process.execPath, hello]))
    ours.push(await time([...program, '--new']))
  }
  rmSync(folder, { recursive: true })
  say(
    `first screen: ${median(ours).toFixed(0)} ms, bare Ink ${median(bare).toFixed(0)} ms, ratio ${(median(ours) / median(bare)).toFixed(2)}`,
  )
}

/** A key to the screen while deltas pour in, and what a hundred thousand of them leave behind. */
async function keysWhileStreaming({ env, dir }: TuiSite): Promise<void> {
  const pty = openPty([...program, '--new'], { env, cwd: dir })
  await pty.until('idle')
  const calm = await keyTimes(pty, 60, 20)
  say(`key to screen, idle: ${median(calm).toFixed(1)} ms median, ${at99(calm).toFixed(1)} ms at 99 %`)
  pty.write('\u0015/share\r')
  await pty.until('About sharing')
  pty.write('1')
  await pty.until('SHARED')
  await delay(500)
  const before = residentMiB(pty.pid())
  const rates: number[] = []
  const busy: number[] = []
  let after = 0
  for (let round = 0; round < 5; round += 1) {
    pty.forget()
    const started = performance.now()
    pty.write('\u0015deltas 20000 6\r')
    await pty.until('running')
    let running = true
    const ended = pty.until('completed in', 120_000).then(() => {
      running = false
    })
    while (running) busy.push(...(await keyTimes(pty, 1, 20)))
    await ended
    rates.push(20_000 / ((performance.now() - started) / 1000))
    await delay(300)
    after = residentMiB(pty.pid())
    say(`  after ${(round + 1) * 20_000} deltas: ${after.toFixed(0)} MiB`)
  }
  say(
    `key to screen, at ${median(rates).toFixed(0)} deltas/s: ${median(busy).toFixed(1)} ms median, ${at99(busy).toFixed(1)} ms at 99 % (${busy.length} keys)`,
  )
  say(`memory over 100,000 deltas: ${before.toFixed(0)} → ${after.toFixed(0)} MiB`)
  const cpu = cpuMs(pty.pid())
  await delay(10_000)
  say(`idle CPU: ${((cpuMs(pty.pid()) - cpu) / 100).toFixed(2)} % of a core`)
  pty.close()
}

/** Each key is a character that has not been on the screen before. */
async function keyTimes(pty: Pty, count: number, pauseMs: number): Promise<number[]> {
  const times: number[] = []
  for (let index = 0; index < count; index += 1) {
    const key = String.fromCodePoint(nextKey++)
    const started = performance.now()
    pty.write(key)
    await pty.until(key)
    times.push(performance.now() - started)
    await delay(pauseMs)
    if (nextKey % 30 === 0) pty.write('\u0015')
  }
  return times
}

function residentMiB(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}

/** User and system time so far, in ms at the usual 100 ticks a second. */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}

/** A thread of 50,000 events: a real turn, repeated in the ledger while no daemon has it. */
async function longThread(home: TuiSite): Promise<void> {
  const started = await home.run('start', '--name', 'long', '--json')
  const { threadId } = JSON.parse(started.stdout)
  await home.run('post', '--thread', threadId, '--prompt', 'a turn to repeat')
  await home.run('daemon', 'stop')
  const ledger = new Database(join(home.dir, 'data/codex-share/ledger.db'))
  const { thread, next } = ledger
    .prepare('SELECT key AS thread, next_id AS next FROM threads WHERE thread_id = ?')
    .get(threadId) as { thread: number; next: number }
  const copies = Math.ceil(longEvents / (next - 1))
  const copy = ledger.prepare(
    'INSERT INTO events SELECT thread, id + ?, at_ms, delta_of, body FROM events WHERE thread = ? AND id < ? AND id > 0',
  )
  ledger.transaction(() => {
    for (let index = 1; index < copies; index += 1) copy.run(index * (next - 1), thread, next)
    ledger.prepare('UPDATE threads SET next_id = ? WHERE key = ?').run(copies * (next - 1) + 1, thread)
  })()
  ledger.close()
  await home.run('daemon', 'start')
  const times: number[] = []
  for (let round = 0; round < 5; round += 1) {
    const pty = openPty([...program, '--thread', threadId], { env: home.env, cwd: home.dir })
    await pty.until('You said: a turn to repeat')
    times.push(await pty.until('SHARED'))
    pty.close()
  }
  say(`a thread of ${longEvents} events, from nothing to its newest screen: ${median(times).toFixed(0)} ms`)
}
