/** The daemon as a process: environment in, signals and exit code out. The only file of the daemon that touches `process`. */
import { setFlagsFromString } from 'node:v8'
import { isCorrupt } from '../../ledger/open-ledger.ts'
import { stdoutIsJournal } from '../../platform/logging/journal-log.ts'
import { type Logger, type LogHandle, openJournal, openLog } from '../../platform/logging/log.ts'
import { requestIntegrityCheck } from '../../platform/places/ledger-files.ts'
import {
  asOwnFolderError,
  dataFolder,
  logFolder,
  prepareFolder,
  runtimeFolder,
} from '../../platform/places/own-folders.ts'
import { type Places, resolvePlaces } from '../../platform/places/resolve-places.ts'
import { readSettings } from '../../platform/settings/settings.ts'
import { endAtOnce } from '../../platform/system/c-library.ts'
import type { ManagerKind } from '../../platform/system/system.ts'
import { awakeTimeout } from '../../platform/time/awake-clock.ts'
import { asShareError } from '../../protocol/errors.ts'
import { findServiceControl } from '../../supervision/find-control.ts'
import { cutErrors } from '../../supervision/launchd/agent-logs.ts'
import { lookAfterLogs } from '../../supervision/launchd/look-after-logs.ts'
import { turnAway } from '../sockets/inherited-listener.ts'
import { takeInheritedSockets } from '../sockets/inherited-sockets.ts'
import { startWatchdog } from '../upkeep/watchdog.ts'
import { refuseInsideSandbox } from './refuse-inside-sandbox.ts'
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

/** Seconds that the event loop may stand still. */
const hungSeconds = 20
/** A stop takes no longer than this, whatever hangs. */
const stopMs = 18_000

/**
 * Runs the daemon until a signal, a client or another daemon ends it.
 *
 * With CODEX_SHARE_TAKEOVER=1 it replaces a daemon that runs. A service manager sets CODEX_SHARE_SERVICE to its kind: it then keeps the
 * app-server too, and starts another daemon when this one hangs.
 *
 * @throws ShareError when it cannot start.
 */
export async function runDaemon({ codexBin, programFile }: RunDaemonOptions): Promise<RunDaemonResult> {
  process.umask(0o077)
  endAtOnce()
  // In a flood V8 lets the heap for new objects grow to 100 MiB and keeps it; small, it costs a tenth more processor time then.
  setFlagsFromString('--semi-space-growth-factor=1')
  const inherited = takeInheritedSockets(process.env, process.pid)
  try {
    return await serve({ codexBin, programFile }, inherited)
  } catch (error) {
    await turnAway(inherited.values())
    throw error
  }
}

async function serve(
  { codexBin, programFile }: RunDaemonOptions,
  inherited: ReadonlyMap<string, number>,
): Promise<RunDaemonResult> {
  const { env } = process
  refuseInsideSandbox(env)
  const managed = managerKindOf(env)
  const places = resolvePlaces(env)
  if (managed === 'launchd') cutErrors(places)
  const settings = readSettings(places.settingsFile)
  const manager = managed && {
    ...findServiceControl(managed, env, places),
    binary: env.CODEX_SHARE_CODEX_BIN,
  }
  const inJournal = stdoutIsJournal(env)
  const folders = [dataFolder(places), runtimeFolder(places), ...(inJournal ? [] : [logFolder(places)])]
  for (const folder of folders) prepareFolder(folder)
  const opened = inJournal ? openJournal(settings.log) : openLog(places.daemonLog, settings.log)
  const { logger: log, close: closeLog } = opened
  const logFile = inJournal ? null : places.daemonLog
  const { promise: leave, resolve: onLeave } = Promise.withResolvers<{ appServer: boolean; reason: string }>()
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    process.on(signal, () => onLeave({ appServer: false, reason: signal }))
  exitOnCrash(places, opened)
  try {
    const takeOver = env.CODEX_SHARE_TAKEOVER === '1'
    // Not for the app-server, nor for the commands that an agent runs in it.
    delete env.CODEX_SHARE_TAKEOVER
    let watched: ReturnType<typeof startWatchdog> = (work) => work()
    const daemon = await startDaemon({
      ...{ env, places, settings, log, logFile, takeOver, inherited, manager, codexBin, programFile, onLeave },
      standStill: (work) => watched(work),
    })
    if (!daemon.started) return { served: false, pid: daemon.pid, version: daemon.version }
    if (managed === 'launchd')
      lookAfterLogs(places, (said) => log.warn({ said }, 'daemons before this one ended with an error'))
    if (managed) watched = startWatchdog({ seconds: Number(env.CODEX_SHARE_WATCHDOG_SECONDS) || hungSeconds })
    const { appServer, reason } = await leave
    log.info({ reason, appServer }, 'the daemon ends')
    await closeInTime(() => daemon.close({ appServer }), log)
    log.info('the daemon has ended')
    return { served: true, reason }
  } catch (error) {
    suspectLedger(places, error)
    const failure = asOwnFolderError(folders, error)
    log.error({ err: asShareError(failure) }, 'the daemon cannot start')
    throw failure
  } finally {
    await closeLog()
  }
}

/** The next daemon puts a damaged ledger aside: with that one it would end like this one, over and over. */
function suspectLedger({ ledgerFile }: Places, error: unknown): void {
  if (isCorrupt(error)) requestIntegrityCheck(ledgerFile)
}

function exitOnCrash(places: Places, { logger, close }: LogHandle): void {
  // The terminal that the daemon was started in may be gone.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  const crash = (error: unknown) => {
    suspectLedger(places, error)
    logger.fatal({ err: error }, 'the daemon failed')
    void close().finally(() => process.exit(70))
  }
  process.on('uncaughtException', crash)
  process.on('unhandledRejection', crash)
}

/** The timer keeps the process, too: one with nothing left to wait for would end in the middle of the stop, and nobody would know. */
async function closeInTime(close: () => Promise<void>, log: Logger): Promise<void> {
  const late = awakeTimeout(() => {
    log.fatal({ waitingFor: process.getActiveResourcesInfo() }, 'the daemon does not end in time and is cut off')
    process.exit(1)
  }, stopMs)
  await close()
  late.clear()
}

function managerKindOf({ CODEX_SHARE_SERVICE: kind }: NodeJS.ProcessEnv): ManagerKind | undefined {
  return kind === 'systemd' || kind === 'launchd' ? kind : undefined
}
