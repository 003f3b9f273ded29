/** Decides whether a socket takes one more connection: only so many at once, and no process may have most of them for itself. */
import type { Socket } from 'node:net'
import { thisSystem } from '../../platform/system/this-system.ts'
import { awakeMs } from '../../platform/time/awake-clock.ts'
import { ShareError } from '../../protocol/errors.ts'

export interface ConnectionLimitOptions {
  /** As people know the socket: `daemon.sock`. */
  readonly name: string
  /** Connections at once. */
  readonly most: number
  readonly onTrouble: (message: string) => void
  /** The process that connected; undefined where the kernel does not say. */
  readonly pidOf?: (socket: Socket) => number | undefined
  readonly nowMs?: () => number
}

/** A connection as its listener knows it. */
export interface LimitedConnection {
  /** It has not said who it is. */
  readonly isSilent: () => boolean
  /** Ends it with the reason. */
  readonly end: (reason: ShareError) => void
}

/** One process has at most this part of all connections. */
const shareOfAll = 4
/** Even where few are taken at all. */
const leastShare = 2
/** Who has not said a word for so long gives its place to the next, where none is left. */
const silentMs = 5000
/** So many that were refused may wait for the answer to their first request: each of them takes a descriptor. */
const mostRefused = 64
/** A flood is said in the log once in this time, and shown in the status as long. */
const sayAgainMs = 60_000

export class ConnectionLimit {
  readonly most: number
  private readonly options: ConnectionLimitOptions
  private readonly mostOfOne: number
  private readonly mostRefused: number
  /** The longest first. */
  private readonly admitted = new Map<Socket, LimitedConnection & { readonly sinceMs: number }>()
  private readonly byProcess = new Map<number | undefined, number>()
  private readonly refused = new Set<Socket>()
  private last: { readonly atMs: number; readonly reason: string } | undefined
  private saidAtMs = Number.NEGATIVE_INFINITY
  private unsaid = 0

  constructor(options: ConnectionLimitOptions) {
    this.options = options
    this.most = options.most
    this.mostOfOne = Math.min(this.most, Math.max(leastShare, Math.ceil(this.most / shareOfAll)))
    this.mostRefused = Math.min(mostRefused, Math.ceil(this.most / shareOfAll))
  }

  /** What the listener accepts: those that are refused have to be accepted as well, to be answered. */
  get mostAccepted(): number {
    return this.most + this.mostRefused + 1
  }

  /** What was refused lately; null when nothing was. */
  get problem(): string | null {
    return this.last && this.nowMs() - this.last.atMs < sayAgainMs ? this.last.reason : null
  }

  /** Counts the connection until it closes. Returns why it is not taken, which it is to be answered with. */
  admit(socket: Socket, connection: LimitedConnection): ShareError | undefined {
    const { name, pidOf = pidOfPeer } = this.options
    const pid = pidOf(socket)
    const own = this.byProcess.get(pid) ?? 0
    if (pid !== undefined && own >= this.mostOfOne)
      return this.refuse(socket, `process ${pid} has ${own} connections to ${name}, as many as one process may have`)
    if (this.admitted.size >= this.most && !this.makeRoom())
      return this.refuse(socket, `${name} has ${this.most} connections, as many as it takes, ${this.biggestHolder()}`)
    this.admitted.set(socket, { ...connection, sinceMs: this.nowMs() })
    this.byProcess.set(pid, (this.byProcess.get(pid) ?? 0) + 1)
    socket.once('close', () => {
      this.admitted.delete(socket)
      const left = (this.byProcess.get(pid) ?? 1) - 1
      if (left > 0) this.byProcess.set(pid, left)
      else this.byProcess.delete(pid)
    })
    return undefined
  }

  /** Ends one that has been silent too long. */
  private makeRoom(): boolean {
    const before = this.nowMs() - silentMs
    for (const [socket, { sinceMs, isSilent, end }] of this.admitted) {
      if (sinceMs > before) return false
      if (!isSilent()) continue
      // Not when it has closed: more than one may come until then.
      this.admitted.delete(socket)
      end(new ShareError('overloaded', `${this.options.name} is full, and this connection has not said who it is`))
      return true
    }
    return false
  }

  private biggestHolder(): string {
    const [pid, count] = [...this.byProcess].reduce((most, one) => (one[1] > most[1] ? one : most))
    return `${count} of them of ${pid === undefined ? 'processes that are not known' : `process ${pid}`}`
  }

  private refuse(socket: Socket, reason: string): ShareError {
    const [longest] = this.refused
    if (longest && this.refused.size >= this.mostRefused) {
      this.refused.delete(longest)
      longest.destroy()
    }
    this.refused.add(socket)
    socket.once('close', () => this.refused.delete(socket))
    this.note(reason)
    return new ShareError('overloaded', reason, {
      hint: 'End what holds them, or raise `limits.connections` in the settings and run `codex-share daemon restart`.',
    })
  }

  private nowMs(): number {
    return (this.options.nowMs ?? awakeMs)()
  }

  private note(reason: string): void {
    const { onTrouble } = this.options
    const atMs = this.nowMs()
    this.last = { atMs, reason }
    this.unsaid += 1
    if (atMs - this.saidAtMs < sayAgainMs) return
    onTrouble(`${this.unsaid === 1 ? 'a connection was' : `${this.unsaid} connections were`} refused: ${reason}`)
    this.saidAtMs = atMs
    this.unsaid = 0
  }
}

function pidOfPeer(socket: Socket): number | undefined {
  try {
    return thisSystem.peerOf(socket)?.pid || undefined
  } catch {
    return undefined // A peer that is not identified may only read, and hears why.
  }
}
