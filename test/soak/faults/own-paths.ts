/** The files of ours: which a process may write, and which may stand in our folders when all is quiet. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

export interface OwnFolders {
  readonly dir: string
  readonly runtimeDir: string
}

const folders = ({ dir, runtimeDir }: OwnFolders) => ({
  run: runtimeDir,
  data: join(dir, 'data/codex-share'),
  state: join(dir, 'state/codex-share'),
  config: join(dir, 'config/codex-share'),
})

/** Anything else is a temporary file, or a lock, that somebody forgot. */
const mayStand: Readonly<Record<keyof ReturnType<typeof folders>, RegExp>> = {
  run: /^(daemon|codex|app-server)\.sock$/,
  data: /^(ledger\.db(-wal|\.format-\d+)?|owner\.json|app-server\.json(\.linked)?)$/,
  state: /^((daemon|app-server)\.log|ui\.json)$/,
  config: /^config\.json$/,
}

/** What lies in our folders and is not to. */
export function strayNames(site: OwnFolders): string[] {
  return Object.entries(folders(site)).flatMap(([kind, folder]) =>
    namesIn(folder)
      .filter((name) => !mayStand[kind as keyof typeof mayStand].test(name))
      .map((name) => `${kind}/${name}`),
  )
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return [] // Never made.
  }
}

/** How many temporary files one process makes of one name, at most. */
const temporaries = 10

/** All that a process with this pid may write or make. */
export function ownPaths(site: OwnFolders, pid: number): string[] {
  const { run, data, state } = folders(site)
  const whole = [join(data, 'owner.json'), join(data, 'app-server.json'), join(state, 'ui.json')]
  const ledger = ['', '-wal', '-journal', '.format-4', '.format-4.tmp', '.format-4.tmp-wal'].map((end) =>
    join(data, `ledger.db${end}`),
  )
  const logs = [join(state, 'daemon.log'), join(state, 'app-server.log')]
  const locks = [...['start', 'bind'].map((name) => join(run, name)), join(state, 'ui.json')]
  return [
    ...[...ledger, ...logs, join(data, 'app-server.json.linked')],
    ...whole.flatMap((path) => temporaryPaths(path, pid, 'tmp')),
    ...locks.flatMap((path) => [`${path}.lock`, ...temporaryPaths(path, pid, 'lock')]),
  ]
}

function temporaryPaths(path: string, pid: number, kind: 'tmp' | 'lock'): string[] {
  return Array.from({ length: temporaries }, (_, index) => `${path}.${pid}.${index + 1}.${kind}`)
}
