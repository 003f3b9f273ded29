/** Checks the runtime folder and the sockets in it: whose they are, and whether they are alive. */
import { lstatSync } from 'node:fs'
import { installedService } from '../../supervision/installed-service.ts'
import type { Check, DaemonSight } from '../check.ts'
import { type Finding, ok } from '../finding.ts'

export const sockets: Check = {
  name: 'Sockets',
  run({ places, daemon, env }) {
    const stats = lstatSync(places.daemonSocket, { throwIfNoEntry: false })
    return [
      judgeFolder(places.runtimeDir),
      judgeSocket({
        path: places.daemonSocket,
        mode: stats?.mode ?? null,
        daemon: daemon.state,
        service: installedService(env, places) !== undefined,
      }),
    ]
  },
}

/** Everything else about the folder is refused, or mended, before a doctor gets to look. */
export function judgeFolder(runtimeDir: string): Finding {
  if (!/^\/(private\/)?(var\/)?tmp\//.test(runtimeDir)) return ok(`runtime folder ${runtimeDir}`)
  return {
    level: 'warning',
    what: `the runtime folder ${runtimeDir} is in a temporary folder`,
    why: 'Systems sweep those: after some days without use the sockets are gone while the daemon runs on.',
    fix: 'Set CODEX_SHARE_RUNTIME_DIR to a folder elsewhere, or unset it where it names this one; then `codex-share daemon restart`.',
  }
}

interface SocketFacts {
  readonly path: string
  /** As stat gives it; null when there is nothing. */
  readonly mode: number | null
  readonly daemon: DaemonSight['state']
  readonly service: boolean
}

export function judgeSocket({ path, mode, daemon, service }: SocketFacts): Finding {
  if (mode !== null && (mode & 0o077) !== 0)
    return {
      level: 'problem',
      what: `${path} is open to others (mode ${(mode & 0o777).toString(8)})`,
      why: 'Whoever can connect can post into your threads, and run commands through them.',
      fix: 'codex-share daemon restart',
    }
  if (daemon === 'dead')
    return {
      level: 'note',
      what: `${path} was left by a daemon that is gone`,
      why: 'Harmless: the next command replaces it.',
      fix: 'codex-share daemon start',
    }
  if (mode === null && service)
    return {
      level: 'warning',
      what: `the service has no socket at ${path}`,
      why: 'It was stopped, or its socket was deleted.',
      fix: 'codex-share daemon start',
    }
  return ok(mode === null ? `no socket at ${path}` : path)
}
