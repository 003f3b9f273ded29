/** Names the heart of the program, where what must not break is decided, and which files there no unit test imports. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { transformSync } from 'esbuild'
import { importsOf } from '../project/import-walk.ts'

const root = path.join(import.meta.dirname, '../..')

const heart = [
  'daemon/{adoption,approvals,gate,peers,publishing,queue,slots,thread-settings,threads}/*.ts',
  'daemon/codex-socket/{rules,shared-link}/*.ts',
  'codex/{decoding,threads}/*.ts',
  'ledger/**/*.ts',
  'protocol/**/*.ts',
  'render/**/*.ts',
  'tui/state/**/*.ts',
]

/** Files of the heart that do something, and that have no test of their name in the unit layer and are imported by none, types aside. */
export function heartWithoutTest(): string[] {
  const tested = testedDirectly()
  const files = heart.flatMap((glob) => globSync(`src/${glob}`, { cwd: root })).sort()
  return files.filter((file) => !tested.has(file) && !existsSync(path.join(root, testOf(file))) && hasBehaviour(file))
}

/** Where a file's own test is: the layer mirrors the source. */
function testOf(file: string): string {
  return file.replace(/^src/, 'test/unit').replace(/\.ts$/, '.test.ts')
}

/** Tables and types need no test of their own. */
function hasBehaviour(file: string): boolean {
  const { code } = transformSync(readFileSync(path.join(root, file), 'utf8'), { loader: 'ts' })
  return /=>|\bfunction\b|\bclass\b/.test(code)
}

function testedDirectly(): Set<string> {
  const tests = globSync('test/unit/**/*.ts', { cwd: root })
  return new Set(
    tests.flatMap((test) =>
      importsOf(readFileSync(path.join(root, test), 'utf8')).flatMap(({ specifier, isType }) =>
        isType ? [] : [path.join(path.dirname(test), specifier)],
      ),
    ),
  )
}
