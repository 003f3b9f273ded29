/**
 * Tells what changes when the pinned Codex is moved: methods, notifications and server requests, and every type of parameters and results.
 *
 *   npm run compare-codex                  against the newest on npm
 *   npm run compare-codex 0.170.0          against that version
 *   npm run compare-codex /path/codex      against that binary
 *
 * The changes go to stdout, everything else to stderr. Exit code 0: the same; 1: something changed, which a person looks at; 2: the two
 * could not be compared.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { access, constants } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { codexVersion } from '../../src/codex/binary/codex-version.ts'
import { type CodexBinary, findCodex } from '../../src/codex/binary/find-codex.ts'
import { asShareError, ShareError } from '../../src/protocol/errors.ts'
import { codexFromNpm } from './codex-from-npm.ts'
import { changes } from './protocol-changes.ts'
import { type Protocol, readProtocol } from './read-protocol.ts'

const [wanted = 'latest'] = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'compare-codex-'))
try {
  const pinned = await findCodex({ env: {}, packageFrom: import.meta.url, cwd: folder })
  const other = await findCodex({ flag: await launcherOf(wanted), env: {}, cwd: folder })
  const [from, to] = [await version(pinned), await version(other)]
  const lines = changes(protocolOf(pinned, from), protocolOf(other, to))
  const told = lines.filter((line) => !line.startsWith(' ')).length
  console.error(
    `Codex ${from} → ${to}: ${told === 0 ? 'nothing changed' : `${told} messages and types are new, gone or changed`}`,
  )
  for (const line of lines) console.log(line)
  process.exitCode = told === 0 ? 0 : 1
} catch (error) {
  const { message, hint } = asShareError(error)
  console.error([`Error: ${message}`, hint].filter(Boolean).join('\n'))
  process.exitCode = 2
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function launcherOf(what: string): Promise<string> {
  if (!what.includes('/')) return codexFromNpm(what).launcher
  await access(what, constants.X_OK).catch(() => {
    throw new ShareError('notFound', `there is no program ${what}`)
  })
  return resolve(what)
}

function version(codex: CodexBinary): Promise<string> {
  return codexVersion(codex, { env: process.env })
}

function protocolOf(codex: CodexBinary, name: string): Protocol {
  try {
    return readProtocol(codex, join(folder, name))
  } catch (cause) {
    throw new ShareError(
      'unavailable',
      `Codex ${name} does not write down what it speaks, as every one since 0.130 does`,
      { cause },
    )
  }
}
