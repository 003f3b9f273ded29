/**
 * Tells what changes when the pinned Codex is moved: methods, notifications and server requests added or gone, members of their parameters.
 *
 *   node scripts/compare-codex.ts              against the newest on the npm registry
 *   node scripts/compare-codex.ts 0.170.0      against that version
 *   node scripts/compare-codex.ts /path/codex  against that binary
 *
 * Exit code 0 when nothing changed, 1 when something did: to be looked at by a person, about once a week.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { codexVersion } from '../src/codex/codex-version.ts'
import { type CodexBinary, findCodex } from '../src/codex/find-codex.ts'
import { changes, readProtocol } from './codex-protocol.ts'

const [other = 'latest'] = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'compare-codex-'))
try {
  const pinned = await findCodex({ env: {}, packageFrom: import.meta.url, cwd: folder })
  const theirs = await otherCodex()
  const [from, to] = [await version(pinned), await version(theirs)]
  const lines = changes(readProtocol(pinned, join(folder, 'pinned')), readProtocol(theirs, join(folder, 'other')))
  console.error(`Codex ${from} → ${to}: ${lines.length === 0 ? 'nothing changed' : `${lines.length} changes`}`)
  for (const line of lines) console.log(line)
  process.exitCode = lines.length === 0 ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function otherCodex(): Promise<CodexBinary> {
  const isPath = other.includes('/')
  if (!isPath)
    execFileSync('npm', ['install', '--prefix', folder, '--no-save', `@openai/codex@${other}`], { stdio: 'inherit' })
  const flag = isPath ? resolve(other) : join(folder, 'node_modules/@openai/codex/bin/codex.js')
  return findCodex({ flag, env: {}, cwd: folder })
}

function version(codex: CodexBinary): Promise<string> {
  return codexVersion(codex, { env: process.env })
}
