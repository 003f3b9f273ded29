/** Looks for what earlier runs have left that nobody cleans up. */
import { existsSync, lstatSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findAppServerProcess } from '../../platform/places/find-app-server-process.ts'
import { shellWord } from '../../protocol/text/shell-word.ts'
import { installedService } from '../../supervision/installed-service.ts'
import type { Check } from '../check.ts'
import { type Finding, ok } from '../finding.ts'

const minuteMs = 60_000

export const leftovers: Check = {
  name: 'Leftovers',
  async run({ env, places, daemon, now }) {
    const { runtimeDir, ledgerFile } = places
    // A service manager keeps its own, also while the daemon is stopped.
    const isKept = daemon.state === 'running' || installedService(env, places) !== undefined
    const link = `/tmp/codex-daemon-${process.getuid?.()}`
    const stats = lstatSync(link, { throwIfNoEntry: false })
    const files = [...pathsIn(runtimeDir), ...pathsIn(dirname(ledgerFile))].map((path) => ({
      path,
      age: now - (lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now),
    }))
    return [
      ...judgeLeftAppServer(isKept ? undefined : await findAppServerProcess(places)),
      ...judgeFiles(files),
      ...judgeCodexFolder(link, stats && { uid: stats.uid, mode: stats.mode }, process.getuid?.()),
    ]
  },
}

/** It outlives a daemon that was stopped or killed, or went with a login. */
function judgeLeftAppServer(alone: { readonly pid: number } | undefined): Finding[] {
  if (alone === undefined) return []
  return [
    {
      level: 'note',
      what: `the Codex app-server (pid ${alone.pid}) runs, and no daemon`,
      why: 'The next daemon goes on with it, and with the turns that run in it.',
      fix: 'codex-share daemon stop --all',
    },
  ]
}

function pathsIn(folder: string): string[] {
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
    fix: `rm -rf ${shellWord(path)}`,
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
      fix: folder.uid === uid ? `chmod 700 ${shellWord(path)}` : `Let an administrator remove ${path}.`,
    },
  ]
}
