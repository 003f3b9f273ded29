/** The place where a plain `codex` looks for its background server: who is there, and how it is taken and given back. */
import { chmodSync, closeSync, lstatSync, mkdirSync, openSync, rmSync, type Stats, statSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { dirname, join } from 'node:path'
import { controlSocketPath } from '../../platform/places/codex-home.ts'
import { tryFlock } from '../../platform/system/c-library.ts'
import type { System } from '../../platform/system/system.ts'
import { thisSystem } from '../../platform/system/this-system.ts'
import { awakeTimeout } from '../../platform/time/awake-clock.ts'
import { ShareError } from '../../protocol/errors.ts'
import { inodeOf, publish, type SocketListener, type SocketListenerOptions } from '../sockets/socket-listener.ts'
import { WaitingRoom } from '../sockets/waiting-room.ts'

/** Nobody listens there, or somebody does: `pid` is null where the kernel does not say who. */
export type Occupant = { readonly is: 'nobody' } | { readonly is: 'somebody'; readonly pid: number | null }

/** Taken; or Codex starts a server of its own at this moment; or somebody is there. */
export type Taking =
  | { readonly is: 'taken'; readonly listener: ControlListener }
  | { readonly is: 'busy' }
  | Extract<Occupant, { readonly is: 'somebody' }>

export interface ControlListener extends SocketListener {
  /** Whether the socket is still the one at the path. */
  isInPlace(): boolean
}

/**
 * In a CODEX_HOME, in the order in which Codex takes them: a plain `codex` that found nobody has the first while it prepares and starts a
 * server of its own (and ends with an error where somebody takes the place meanwhile), the server has the second while it binds its socket.
 */
const locksOfCodex = ['app-server-daemon/daemon.lock', 'app-server-control/app-server-startup.lock'] as const

/** Room for the temporary name under which a socket is bound first. */
const longestEnding = '.4194304.tmp'
const probeMs = 2000

/** @throws ShareError `unavailable` where nothing can be put there: on a system where this was never run, or with too long a path */
export function refuseImpossiblePlace(codexHome: string, system: System = thisSystem): void {
  if (system.name !== 'linux')
    throw new ShareError(
      'unavailable',
      `adopting a plain codex was only ever run on Linux, and this is ${system.name}`,
      {
        hint: 'Start Codex with `codex-share attach`, or as `codex --remote unix://…/codex.sock`: that works here.',
      },
    )
  const path = controlSocketPath(codexHome)
  const most = system.socketPathLimit - longestEnding.length
  const bytes = Buffer.byteLength(path)
  if (bytes > most)
    throw new ShareError('unavailable', `${path} has ${bytes} bytes, and ${most} are the most for a socket there`, {
      hint: 'Set CODEX_HOME to a shorter path. (Codex itself puts its socket elsewhere and a link here, which breaks.)',
    })
}

/** Connects and leaves again. Nothing is sent. */
export function probe(path: string, system: System = thisSystem): Promise<Occupant> {
  return new Promise((resolve) => {
    const socket: Socket = connect(path)
    const end = (occupant: Occupant) => {
      late.clear()
      socket.destroy()
      resolve(occupant)
    }
    const late = awakeTimeout(() => end({ is: 'somebody', pid: null }), probeMs)
    socket.once('connect', () => end({ is: 'somebody', pid: pidOf(socket, system) }))
    socket.once('error', (error) => end(isNobody(error) ? { is: 'nobody' } : { is: 'somebody', pid: null }))
  })
}

/**
 * Puts our socket there, under the locks of a Codex that starts a server, unless somebody listens. What a dead server left is removed.
 *
 * @throws ShareError `unavailable` when something else is in the way
 */
export async function takeControlPath(options: Omit<SocketListenerOptions, 'onLost'>): Promise<Taking> {
  const { path } = options
  const locks: number[] = []
  try {
    for (const name of locksOfCodex) {
      const file = join(dirname(path), '..', name)
      prepareFolder(dirname(file))
      const lock = openSync(file, 'a+', 0o600)
      locks.push(lock)
      if (!tryFlock(lock)) return { is: 'busy' }
    }
    const occupant = await probe(path)
    if (occupant.is === 'somebody') return occupant
    // Codex's own socket lies elsewhere: killed, a server leaves a link to it that leads nowhere, and at which a plain `codex` fails.
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) rmSync(path)
    return { is: 'taken', listener: await listen(options) }
  } finally {
    for (const lock of locks) closeSync(lock)
  }
}

/** What changes when another server takes the place: its socket, also behind a link. */
export function placeMark(path: string): string {
  const marks = [lstatSync(path, { throwIfNoEntry: false }), statIfThere(path)]
  return marks.map((stats) => (stats ? `${stats.dev}:${stats.ino}:${stats.ctimeMs}` : 'none')).join(' ')
}

async function listen(options: Omit<SocketListenerOptions, 'onLost'>): Promise<ControlListener> {
  const { path } = options
  const room = new WaitingRoom()
  const { server, inode } = await publish(options, room.receive)
  const isInPlace = () => inodeOf(path) === inode
  return {
    isInPlace,
    serve: (serve) => room.serve(serve),
    async close() {
      if (isInPlace()) rmSync(path, { force: true })
      room.dismiss()
      // Its end is not waited for: sessions that are open go on.
      server.close()
    },
  }
}

/** As Codex makes it. */
function prepareFolder(folder: string): void {
  const stats = statIfThere(folder)
  if (!stats) mkdirSync(folder, { mode: 0o700 })
  else if (!stats.isDirectory() || stats.uid !== process.getuid?.())
    throw new ShareError('unavailable', `${folder} is not a folder of your own`)
  else if ((stats.mode & 0o077) !== 0) chmodSync(folder, 0o700)
}

function pidOf(socket: Socket, system: System): number | null {
  try {
    return system.peerOf(socket)?.pid || null
  } catch {
    return null
  }
}

function isNobody(error: Error): boolean {
  return 'code' in error && ['ENOENT', 'ECONNREFUSED', 'ENOTSOCK', 'ENOTDIR'].includes(String(error.code))
}

function statIfThere(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined // A link that leads to itself, or through a file.
  }
}
