/** What earlier runs have left that nobody cleans up. */
import { existsSync, lstatSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Check } from '../check.ts'
import { type Finding, ok } from '../finding.ts'

const minuteMs = 60_000

export const leftovers: Check = {
  name: 'Leftovers',
  run({ places: { runtimeDir, ledgerFile }, now }) {
    const link = `/tmp/codex-daemon-${process.getuid?.()}`
    const stats = lstatSync(link, { throwIfNoEntry: false })
    const files = [...inFolder(runtimeDir), ...inFolder(dirname(ledgerFile))].map((path) => ({
      path,
      age: now - (lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now),
    }))
    return [
      ...judgeFiles(files),
      ...judgeCodexFolder(link, stats && { uid: stats.uid, mode: stats.mode }, process.getuid?.()),
    ]
  },
}

function inFolder(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []
}

/** Temporary names live for a moment, and locks are touched every second or so. */
export function judgeFiles(files: readonly { readonly path: string; readonly age: number }[]): Finding[] {
  const old = files.filter(({ path, age }) => /\.(tmp|lock)$/.test(path) && age > minuteMs)
  if (old.length === 0) return [ok('nothing of earlier runs')]
  return old.map(({ path }) => ({
    level: 'note',
    what: `${path} was left by a run that was killed`,
    why: 'It is in nobody’s way.',
    fix: `rm -rf '${path}'`,
  }))
}

/** Codex puts its real sockets there, whatever TMPDIR says, and links to them. */
export function judgeCodexFolder(
  path: string,
  folder: { readonly uid: number; readonly mode: number } | undefined,
  uid: number | undefined,
): Finding[] {
  if (folder === undefined || (folder.uid === uid && (folder.mode & 0o077) === 0)) return []
  return [
    {
      level: 'problem',
      what: `${path} ${folder.uid === uid ? 'is open to others' : 'belongs to another user'}`,
      why: 'Codex keeps its sockets there, and refuses to start, or others could connect.',
      fix: folder.uid === uid ? `chmod 700 ${path}` : `Let an administrator remove ${path}.`,
    },
  ]
}
