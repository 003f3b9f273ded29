/** The tables of `share list` and `share who`. */
import type { Peer, SharedThread } from '../protocol/methods.ts'
import { age } from './clock.ts'
import { safeLine } from './safe-text.ts'
import { type TableOptions, table } from './table.ts'

export interface ListOptions extends TableOptions {
  /** Milliseconds since 1970. */
  readonly now: number
}

export function threadList(threads: readonly SharedThread[], options: ListOptions): string {
  const rows = threads.map((thread) => [
    thread.threadId,
    safeLine(thread.name ?? thread.preview ?? '').slice(0, 40),
    turnState(thread),
    String(thread.peers),
    String(thread.head),
    age(thread.updatedAt, options.now),
    safeLine(thread.cwd ?? ''),
  ])
  return table(['THREAD', 'NAME', 'TURN', 'PEERS', 'EVENTS', 'CHANGED', 'FOLDER'], rows, options)
}

export function peerList(peers: readonly Peer[], options: ListOptions): string {
  const rows = peers.map((peer) => [
    safeLine(peer.label),
    peer.kind,
    peer.pid === null ? '–' : String(peer.pid),
    peer.readOnly ? 'read-only' : 'full',
    age(peer.since, options.now),
    peer.threads.join(', '),
  ])
  return table(['WHO', 'KIND', 'PID', 'RIGHTS', 'JOINED', 'THREADS'], rows, options)
}

function turnState({ turn }: SharedThread): string {
  if (!turn) return 'idle'
  const by = turn.by ? ` (${safeLine(turn.by.label)})` : ''
  return `${turn.waitingOnApproval ? 'waiting for approval' : 'running'}${by}`
}
