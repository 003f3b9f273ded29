/** Runs the unit layer and prints how many lines of each room of src it ran, and which files of the heart no test imports. */
import { spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { heartWithoutTest } from './heart.ts'
import { countLines, type LineCount, type ScriptCoverage } from './line-coverage.ts'

const root = path.join(import.meta.dirname, '../..')

function runUnitTests(folder: string): void {
  // What comes out of the compile cache is counted less precisely.
  const env = { ...process.env, NODE_V8_COVERAGE: folder, NODE_DISABLE_COMPILE_CACHE: '1' }
  const { status } = spawnSync('npm', ['run', '--silent', 'test:unit', '--', '--reporter', 'dot'], {
    ...{ cwd: root, env, stdio: 'inherit' },
  })
  if (status !== 0) process.exitCode = 1
}

/** By path below the root. The file of npm itself has nothing of ours. */
function readCoverage(folder: string): Map<string, ScriptCoverage> {
  const scripts = new Map<string, ScriptCoverage>()
  for (const name of readdirSync(folder)) {
    const { result } = JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as { result: ScriptCoverage[] }
    for (const script of result)
      if (script.url.startsWith('file:')) scripts.set(path.relative(root, fileURLToPath(script.url)), script)
  }
  return scripts
}

/** A folder of src, or one below it. */
function roomOf(file: string): string {
  return path.dirname(file).split(path.sep).slice(1, 3).join('/') || '.'
}

function printRooms(counts: readonly (LineCount & { readonly room: string })[]): void {
  const rooms = Object.groupBy(counts, ({ room }) => room)
  const row = (name: string, of: readonly LineCount[]) => {
    const [lines, covered] = [sum(of.map((each) => each.lines)), sum(of.map((each) => each.covered))]
    const percent = lines === 0 ? '' : `${Math.round((100 * covered) / lines)} %`
    console.log(
      `${name.padEnd(26)} ${`${of.length}`.padStart(5)} ${`${covered}/${lines}`.padStart(12)} ${percent.padStart(6)}`,
    )
  }
  console.log(`${'room'.padEnd(26)} files        lines       `)
  for (const [room, of = []] of Object.entries(rooms)) row(room, of)
  row('all', counts)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}

const folder = mkdtempSync(path.join(tmpdir(), 'codex-share-coverage-'))
try {
  runUnitTests(folder)
  const coverage = readCoverage(folder)
  const files = globSync('src/**/*.ts', { cwd: root }).sort()
  const count = (file: string) => countLines(readFileSync(path.join(root, file), 'utf8'), coverage.get(file))
  printRooms(files.map((file) => ({ room: roomOf(file), ...count(file) })))
  const untested = heartWithoutTest()
  if (untested.length > 0)
    console.log(`\nNo unit test imports ${untested.length} files of the heart:\n${untested.join('\n')}`)
} finally {
  rmSync(folder, { recursive: true })
}
