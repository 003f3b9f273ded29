/** What is open in a plain `codex` and not shared, below `share list --all`. */
import type { UnsharedThread } from '../../protocol/methods.ts'
import { visibleLine } from '../../protocol/text/visible-text.ts'
import { truncateToWidth } from '../terminal/display-width.ts'
import { type TableOptions, table } from './table.ts'
import { threadTitle } from './thread-list.ts'

export function unsharedList(threads: readonly UnsharedThread[], options: TableOptions): string {
  const rows = threads.map((thread) => [
    visibleLine(thread.threadId),
    truncateToWidth(threadTitle(thread), 40),
    thread.running ? 'running' : 'idle',
    visibleLine(thread.openIn.map(({ label, pid }) => (pid === null ? label : `${label} (pid ${pid})`)).join(', ')),
    visibleLine(thread.cwd ?? ''),
  ])
  return table(['NOT SHARED', 'NAME', 'TURN', 'OPEN IN', 'FOLDER'], rows, options)
}
