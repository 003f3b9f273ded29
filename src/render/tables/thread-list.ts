/** The tables of `share list` and `share who`. */
import type { Peer, SharedThread } from '../../protocol/methods.ts'
import { visibleLine } from '../../protocol/text/visible-text.ts'
import { age } from '../terminal/clock.ts'
import { truncateToWidth } from '../terminal/display-width.ts'
import { proseLine } from '../terminal/prose-text.ts'
import { shortestIds, type TableOptions, table, tableWidth } from './table.ts'
import { queueLines } from './thread-queue.ts'

export interface ListOptions extends TableOptions {
  /** Milliseconds since 1970. */
  readonly now: number
}

/** `folderGone`: the folder that the thread works in was deleted. */
interface ListedThread extends SharedThread {
  readonly folderGone?: true
}

/** The table, and below it what waits in the queues of these threads. */
export function threadList(threads: readonly ListedThread[], options: ListOptions): string {
  const queues = threads.flatMap(({ queue, ...thread }) =>
    queue ? queueLines(queue, queueTitle(thread), options) : [],
  )
  return [fittingTable(threads, options), ...(queues.length > 0 ? ['', ...queues] : [])].join('\n')
}

function queueTitle(thread: ListedThread): string {
  return truncateToWidth(threadTitle(thread), 40) || visibleLine(thread.threadId)
}

/** On a terminal that is too narrow for all, ids are shortened first, then columns go that one can do without. */
function fittingTable(threads: readonly ListedThread[], options: ListOptions): string {
  const { width = Number.POSITIVE_INFINITY } = options
  const short = shortestIds(threads.map(({ threadId }) => threadId))
  const narrow = [
    ...[{ ids: 'whole' }, {}, { folder: 30 }, { folder: 12, name: 20 }, { folder: 0, name: 24 }],
    ...[
      { folder: 0, name: 16, counts: false },
      { folder: 0, name: 16, counts: false, changed: false },
    ],
  ] as const satisfies readonly Fit[]
  const forms = narrow.map((fit) => threadTable(threads, short, { fit, ...options }))
  return forms.find((form) => form.width <= width)?.text() ?? forms.at(-1)?.text() ?? ''
}

/** How much room each part is given; without a number as much as it wants, with 0 none. */
interface Fit {
  readonly ids?: 'whole'
  readonly name?: number
  readonly folder?: number
  readonly counts?: false
  readonly changed?: false
}

type Column = readonly [header: string, cell: (thread: ListedThread, index: number) => string]

function threadTable(
  threads: readonly ListedThread[],
  short: readonly string[],
  { fit, ...options }: ListOptions & { readonly fit: Fit },
) {
  const { name = 40, folder = Number.POSITIVE_INFINITY, counts = true, changed = true, ids } = fit
  const columns: Column[] = [
    ['THREAD', ({ threadId }, index) => visibleLine(ids === 'whole' ? threadId : (short[index] ?? threadId))],
    ['NAME', (thread) => truncateToWidth(threadTitle(thread), name)],
    ['TURN', turnState],
  ]
  if (counts) columns.push(['PEERS', ({ peers }) => String(peers)], ['HEAD', ({ head }) => String(head)])
  if (changed) columns.push(['CHANGED', ({ updatedAt }) => age(updatedAt, options.now)])
  if (folder > 0) columns.push(['FOLDER', (thread) => folderCell(thread, folder)])
  const header = columns.map(([title]) => title)
  const rows = threads.map((thread, index) => columns.map(([, cell]) => cell(thread, index)))
  return { width: tableWidth(header, rows), text: () => table(header, rows, options) }
}

/** What a thread is known by: its name, or the beginning of its first prompt; empty without either. */
export function threadTitle({ name, preview }: Pick<SharedThread, 'name' | 'preview'>): string {
  return name === null ? proseLine(preview ?? '') : visibleLine(name)
}

/** One that is gone is said to be, however narrow the column is. */
function folderCell({ cwd, folderGone }: ListedThread, columns: number): string {
  const mark = folderGone ? ' (gone)' : ''
  return endOf(visibleLine(cwd ?? ''), columns - mark.length) + mark
}

/** Codex itself says nothing of it: its commands fail one by one. */
export function goneFolder({ cwd }: Pick<SharedThread, 'cwd'>): string {
  return `The folder of this thread is gone: ${visibleLine(cwd ?? '')}. Commands in it fail until it is made again.`
}

/** Of a folder the end says most. */
function endOf(path: string, columns: number): string {
  return path.length <= columns ? path : `…${path.slice(1 - columns)}`
}

export function peerList(peers: readonly Peer[], options: ListOptions): string {
  const rows = peers.map((peer) => [
    visibleLine(peer.label),
    visibleLine(peer.kind),
    peer.pid === null ? '–' : String(peer.pid),
    peer.readOnly ? 'read-only' : (peer.rights ?? 'full'),
    age(peer.since, options.now),
    visibleLine(peer.threads.join(', ')),
  ])
  return table(['WHO', 'KIND', 'PID', 'RIGHTS', 'JOINED', 'THREADS'], rows, options)
}

function turnState({ turn, archived }: SharedThread): string {
  if (!turn) return archived ? 'archived' : 'idle'
  const by = turn.by ? ` (${visibleLine(turn.by.label)})` : ''
  return `${turn.waitingOnApproval ? 'waiting for approval' : 'running'}${by}`
}
