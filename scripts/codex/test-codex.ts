/**
 * Runs the tests that touch Codex on another version of it: in a copy of the checkout, in the cache, which has that Codex for its own.
 *
 *   npm run test:codex 0.169.0
 *   npm run test:codex 0.169.0 test/integration/threads/sharing.test.ts      only these
 *
 * The table at the end goes to stdout, everything else to stderr. Exit code 0: all passed; 1: some did not; 2: they could not be run.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asShareError, ShareError } from '../../src/protocol/errors.ts'
import { codexFromNpm, type InstalledCodex } from './codex-from-npm.ts'

const root = join(import.meta.dirname, '../..')
const suites = ['integration', 'e2e']

interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

const [wanted, ...only] = process.argv.slice(2)
try {
  if (wanted === undefined) throw new ShareError('usage', 'name the version: npm run test:codex VERSION')
  const codex = codexFromNpm(wanted)
  const copy = copyOfTheCheckout(codex)
  const rows =
    only.length > 0
      ? [runTests(copy, 'chosen', only)]
      : suites.map((suite) => runTests(copy, suite, [`test/${suite}/**/*.test.ts`]))
  console.log(
    `Codex ${codex.version}, ${new Date().toISOString().slice(0, 10)}, ${process.platform} ${process.arch}, Node ${process.versions.node}\n`,
  )
  console.log(rows.map((row) => row.line).join('\n'))
  process.exitCode = rows.every(({ isGreen }) => isGreen) ? 0 : 1
} catch (error) {
  const { message, hint } = asShareError(error)
  console.error([`Error: ${message}`, hint].filter(Boolean).join('\n'))
  process.exitCode = 2
}

/** As it is at this moment, also what is not committed; with its own types and its own build. */
function copyOfTheCheckout({ version, folder, launcher }: InstalledCodex): string {
  const copy = join(folder, 'checkout')
  console.error(`Copying the checkout to ${copy} …`)
  mkdirSync(join(copy, 'node_modules'), { recursive: true })
  const files = filesOfTheCheckout()
  const list = join(copy, 'node_modules/.copied')
  // What was copied the last time and is no more; packages stay where they were installed.
  for (const file of linesOf(list).filter((file) => !files.includes(file))) rmSync(join(copy, file), { force: true })
  for (const file of files) cpSync(join(root, file), join(copy, file))
  writeFileSync(list, files.join('\n'))
  installPackages(copy)
  const pinned = join(copy, 'node_modules/@openai/codex')
  rmSync(pinned, { recursive: true, force: true })
  symlinkSync(join(launcher, '../..'), pinned)
  console.error(`Building it for Codex ${version} …`)
  for (const script of ['generate', 'build']) inCopy(copy, 'npm', ['run', '--silent', script])
  return copy
}

function filesOfTheCheckout(): string[] {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const listed = execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\0')
  // One that was deleted and not committed yet is listed as well.
  return listed.filter((file) => file !== '' && existsSync(join(root, file)))
}

function linesOf(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
}

/** Only where they are not those of the lock file yet: that takes a minute. */
function installPackages(copy: string): void {
  const [lock, note] = [join(copy, 'package-lock.json'), join(copy, 'node_modules/.installed-by')]
  const wantedLock = readFileSync(lock, 'utf8')
  try {
    if (readFileSync(note, 'utf8') === wantedLock) return
  } catch {
    // Never installed.
  }
  console.error('Installing the packages …')
  inCopy(copy, 'npm', ['ci', '--no-fund', '--no-audit'])
  writeFileSync(note, wantedLock)
}

/** @throws ShareError `unavailable` */
function inCopy(copy: string, program: string, args: readonly string[]): void {
  const { status } = spawnSync(program, args, { cwd: copy, stdio: ['ignore', 2, 2] })
  if (status !== 0) throw new ShareError('unavailable', `\`${program} ${args.join(' ')}\` failed in ${copy}`)
}

function runTests(copy: string, suite: string, files: readonly string[]): { line: string; isGreen: boolean } {
  const since = performance.now()
  const counted = join(mkdtempSync(join(tmpdir(), 'test-codex-')), 'counts')
  const reporter = join(copy, '.ci/count-reporter.cjs')
  const { status } = spawnSync(
    'npx',
    ['mocha', '--parallel', '--jobs', '2', '--exit', '--reporter', reporter, ...files],
    {
      cwd: copy,
      env: { ...process.env, TEST_COUNTS: counted },
      stdio: ['ignore', 2, 2],
    },
  )
  const { passed, failed, skipped } = readCounts(counted)
  rmSync(join(counted, '..'), { recursive: true })
  const seconds = Math.round((performance.now() - since) / 1000)
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
  const line = `${suite.padEnd(14)} ${passed} passed, ${failed} failed, ${skipped} skipped  (${time} min)`
  return { line, isGreen: status === 0 && failed === 0 && passed > 0 }
}

function readCounts(file: string): Counts {
  try {
    const [passed = 0, failed = 0, skipped = 0] = readFileSync(file, 'utf8').trim().split(' ').map(Number)
    return { passed, failed, skipped }
  } catch {
    return { passed: 0, failed: 0, skipped: 0 } // It ended before it had counted.
  }
}
