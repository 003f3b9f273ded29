/** Decides, under the start lock, whether this process becomes the daemon: a live one is never robbed, a dead one's socket is replaced. */
import { setTimeout as delay } from 'node:timers/promises'
import * as v from 'valibot'
import { mayBeCrowded, placesOfOwner, readOwner } from '../../platform/places/owner-record.ts'
import type { Places } from '../../platform/places/resolve-places.ts'
import { isSamePlace } from '../../platform/places/same-place.ts'
import { ProcessLock } from '../../platform/process-lock.ts'
import type { System } from '../../platform/system/system.ts'
import { thisSystem } from '../../platform/system/this-system.ts'
import { awakeMs } from '../../platform/time/awake-clock.ts'
import { ShareError } from '../../protocol/errors.ts'
import { methods } from '../../protocol/methods.ts'
import { programVersion, protocolVersions } from '../../protocol/version.ts'
import { connectSocket } from '../../rpc/node-ipc-channel.ts'
import { RpcPeer } from '../../rpc/rpc-peer.ts'
import { listenOnInherited } from './inherited-listener.ts'
import { listenOnSocket, type SocketListener, type SocketListenerOptions } from './socket-listener.ts'

export interface ClaimOptions extends Omit<SocketListenerOptions, 'path'> {
  readonly places: Places
  /** Replace a daemon that runs, instead of leaving it alone. */
  readonly takeOver: boolean
  /** Sockets that a service manager has handed over: descriptors by path. */
  readonly inherited: ReadonlyMap<string, number>
  readonly system?: System | undefined
}

/** The daemon before this one, which may still have the ledger: it was asked to leave, is leaving by itself, or is not known of. */
export type Former = 'asked' | 'leaving' | 'none'

/** Either the socket is ours, or somebody else is the daemon already. */
export type SocketClaim =
  | { readonly won: true; readonly listener: SocketListener; readonly former: Former }
  | { readonly won: false; readonly pid: number; readonly version: string }

const probeMs = 3000
/** How long others may be at it: each probes twice. */
const othersMs = 15_000

/**
 * Publishes our socket unless a daemon answers there. When taking over, the old daemon is told to leave only after the new socket is
 * in place, so that no client is ever refused.
 *
 * @throws ShareError `unavailable` when a process holds the socket and does not answer, or the path is something else.
 */
export async function claimSocket({
  places,
  takeOver,
  inherited,
  system = thisSystem,
  ...options
}: ClaimOptions): Promise<SocketClaim> {
  if (inherited.size > 0) return await takeInherited({ places, inherited, ...options })
  // It only spares two starters a race for the socket; the ledger's own lock is what keeps a second daemon out.
  const release = await new ProcessLock(places.bindLock).take(othersMs)
  if (!release)
    throw new ShareError(
      'unavailable',
      `other daemons have been claiming ${places.daemonSocket} for ${othersMs / 1000} s`,
    )
  try {
    const running = (await probe(places, system)) ?? (takeOver ? undefined : await probeElsewhere(places, system))
    if (running && !takeOver) {
      running.rpc.close()
      return { won: false, pid: running.pid, version: running.version }
    }
    // The process that has the ledger runs, and listens nowhere.
    const isLeaving = running === undefined && (await readOwner(places)) !== undefined
    const listener = await listenOnSocket({ ...options, path: places.daemonSocket })
    if (running) {
      await running.rpc.request('share/shutdown', { reason: `replaced by version ${programVersion}` }).catch(() => {})
      running.rpc.close()
    }
    return { won: true, listener, former: running ? 'asked' : isLeaving ? 'leaving' : 'none' }
  } finally {
    await release()
  }
}

/** The manager starts one daemon and no second. Another that was there before, on a path that is now the manager's, notices and leaves. */
async function takeInherited({ places, inherited, ...options }: Omit<ClaimOptions, 'takeOver'>): Promise<SocketClaim> {
  const [, fd] = [...inherited].find(([path]) => isSamePlace(path, places.daemonSocket)) ?? []
  if (fd === undefined)
    throw new ShareError(
      'unavailable',
      `the service manager listens at ${[...inherited.keys()].join(', ')}, but this environment means ${places.daemonSocket}`,
      { hint: 'Run `codex-share service install` again.' },
    )
  const listener = await listenOnInherited({ ...options, path: places.daemonSocket, fd })
  return { won: true, listener, former: 'asked' }
}

/** The daemon that has our ledger may be in another runtime folder. */
async function probeElsewhere(places: Places, system: System) {
  const elsewhere = await placesOfOwner(places)
  return elsewhere && (await probe(elsewhere, system))
}

/** Talks to whoever listens there; undefined when nobody does. */
async function probe(places: Places, system: System) {
  const { daemonSocket: path } = places
  const channel = await connect(places, system)
  if (!channel) return undefined
  const rpc = new RpcPeer(channel)
  try {
    const hello = await rpc.request(
      'initialize',
      {
        clientInfo: { name: 'codex-share-daemon', version: programVersion },
        share: { protocol: protocolVersions, kind: 'script', label: 'starting daemon', pid: process.pid },
      },
      { timeoutMs: probeMs },
    )
    const { share } = v.parse(methods.initialize.result, hello)
    return { rpc, pid: share.pid, version: share.version }
  } catch (error) {
    rpc.close()
    throw new ShareError('unavailable', `a daemon has ${path} but does not answer: ${String(error)}`, {
      cause: error,
      hint: 'End it with `codex-share daemon stop`, then try again.',
    })
  }
}

/** Undefined when nobody listens, which is not believed at once where a crowded daemon looks the same. */
async function connect(places: Places, system: System) {
  const { daemonSocket: path } = places
  for (const deadline = awakeMs() + probeMs; ; ) {
    try {
      return await connectSocket(path, { timeoutMs: probeMs })
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      const isRefused = code === 'ECONNREFUSED'
      // Also when who listened went away with us waiting: then nobody does, or the next one.
      const isToTryAgain = code === 'ECONNRESET' || (isRefused && (await mayBeCrowded(places, system)))
      if (!isToTryAgain && (isRefused || code === 'ENOENT' || code === 'ENOTSOCK')) return undefined
      if (!isToTryAgain || awakeMs() > deadline)
        throw new ShareError('unavailable', `${path} cannot be probed: ${String(error)}`, {
          cause: error,
          hint: 'A daemon runs and takes no connection: `codex-share daemon stop` ends one that hangs.',
        })
      await delay(50)
    }
  }
}
