/** The daemon as a process: environment in, signals and exit code out. The only file of the daemon that touches `process`. */
import { openLog } from '../platform/log.ts'
import { resolvePlaces } from '../platform/runtime-dir.ts'
import { readSettings } from '../platform/settings.ts'
import { asShareError } from '../protocol/errors.ts'
import { startDaemon } from './start-daemon.ts'

export interface RunDaemonOptions {
  /** From `--codex-bin`. */
  readonly codexBin?: string | undefined
  /** The script that was started. */
  readonly programFile: string
}

/** What became of it: it served and was asked to end, or another daemon was there. */
export type RunDaemonResult =
  | { readonly served: true; readonly reason: string }
  | { readonly served: false; readonly pid: number; readonly version: string }

/** A stop takes no longer than this, whatever hangs. */
const stopMs = 18_000

/**
 * Runs the daemon until a signal, a client or another daemon ends it.
 *
 * With CODEX_SHARE_TAKEOVER=1 it replaces a daemon that runs.
 *
 * @throws ShareError when it cannot start.
 */
export async function runDaemon({ codexBin, programFile }: RunDaemonOptions): Promise<RunDaemonResult> {
  const { env } = process
  process.umask(0o077)
  const places = resolvePlaces(env)
  const settings = readSettings(places.settingsFile)
  const { logger: log, close: closeLog } = openLog(places.daemonLog, settings.log)
  const { promise: leave, resolve: onLeave } = Promise.withResolvers<{ appServer: boolean; reason: string }>()
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    process.on(signal, () => onLeave({ appServer: false, reason: signal }))
  // Whoever started the daemon may be gone, and their terminal with them.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  const crash = (error: unknown) => {
    log.fatal({ err: error }, 'the daemon failed')
    void closeLog().finally(() => process.exit(70))
  }
  process.on('uncaughtException', crash)
  process.on('unhandledRejection', crash)
  try {
    const takeOver = env.CODEX_SHARE_TAKEOVER === '1'
    const daemon = await startDaemon({ env, places, settings, log, takeOver, codexBin, programFile, onLeave })
    if (!daemon.started) return { served: false, pid: daemon.pid, version: daemon.version }
    const { appServer, reason } = await leave
    log.info({ reason, appServer }, 'the daemon ends')
    setTimeout(() => process.exit(1), stopMs).unref()
    await daemon.close({ appServer })
    return { served: true, reason }
  } catch (error) {
    log.error({ err: asShareError(error) }, 'the daemon cannot start')
    throw error
  } finally {
    await closeLog()
  }
}
