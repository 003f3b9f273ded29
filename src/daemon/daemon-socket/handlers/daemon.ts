/** `share/who`, `share/status`, `share/adopt`, `share/shutdown`: the daemon itself. */
import { existsSync } from 'node:fs'
import { ledgerBytes } from '../../../platform/places/ledger-files.ts'
import { thisSystem } from '../../../platform/system/this-system.ts'
import { programVersion } from '../../../protocol/version.ts'
import type { Handler } from '../handler.ts'

export const onWho: Handler<'share/who'> = ({ peers }, { threadId }) => ({ peers: peers.list(threadId) })

export const onStatus: Handler<'share/status'> = async ({
  places,
  startedAt,
  startToken,
  supervisor,
  installedCodex,
  ledger,
  ledgerCheck,
  recorder,
  peers,
  slots,
  programChanged,
  logFile,
  exposure,
  connectionLimits,
  adoption,
}) => ({
  daemon: {
    version: programVersion,
    pid: process.pid,
    startedAt,
    startToken,
    node: process.version,
    endpoint: `unix://${places.daemonSocket}`,
    runtimeDir: places.runtimeDir,
    programChanged: programChanged(),
  },
  appServer: {
    state: supervisor.state,
    version: supervisor.info?.version ?? null,
    installed: await installedCodex.version(),
    pid: supervisor.info?.pid ?? null,
    binary: supervisor.binary,
    codexHome: supervisor.info?.codexHome ?? null,
    account: supervisor.info?.account ?? null,
    problem: supervisor.problem ?? null,
    startedAt: supervisor.info?.startedAt ?? null,
    keys: supervisor.info?.keys ?? null,
    ...(await usageOf(supervisor.info?.pid)),
  },
  adoption: adoption.status,
  ledger: {
    file: ledger.file,
    bytes: ledgerBytes(ledger.file) ?? 0,
    threads: ledger.threads.countOpen(),
    events: ledger.threads.countEvents(),
    problem: recorder.problem ?? problemOfFile(ledger.file) ?? ledgerCheck.problem,
    checked: ledgerCheck.state,
  },
  peers: peers.size,
  connectionProblem: connectionLimits.daemon.problem ?? connectionLimits.codex.problem,
  activeTurns: slots.size,
  logFile,
  settings: exposure.state,
  exposed: await exposure.list(supervisor.binary),
})

export const onAdopt: Handler<'share/adopt'> = async ({ adoption, gateway }, { on }, _peer, signal) => {
  // Without an app-server the place cannot be taken yet; why there is none is in the status.
  if (on) await gateway.link(signal).catch(() => {})
  return adoption.set(on)
}

async function usageOf(pid: number | null | undefined) {
  const usage = pid == null ? undefined : await thisSystem.usageOf(pid)
  return { residentBytes: usage?.residentBytes ?? null, descriptors: usage?.descriptors ?? null }
}

/** A file that was deleted under the daemon still takes everything in, and will be gone with it. */
function problemOfFile(file: string): string | null {
  return existsSync(file) ? null : 'the file was deleted: what it has is gone once the daemon ends'
}

export const onShutdown: Handler<'share/shutdown'> = ({ shutDown }, { appServer = false, reason = 'asked to' }) => {
  // After the reply: connections close at once when the daemon ends.
  setImmediate(() => shutDown({ appServer, reason }))
  return {}
}
