/** File changes in full: their diffs as lines. Pure. */
import { visibleLines } from '../../protocol/text/visible-text.ts'
import { type FileChangeFacts, fileChanges, readItem } from './read-item.ts'

/** The changes of an item whole, as somebody has to see them who allows them: `update src/a.ts`, and the diff. */
export function changeLines(item: unknown): string[] {
  return fileChanges(readItem({ item })).flatMap((change) => [
    `${change.kind} ${change.path}${change.movedTo === '' ? '' : ` → ${change.movedTo}`}`,
    ...diffLines(change),
  ])
}

/**
 * Without the file headers that stand before the first hunk; what looks like one further down is a line of the file. For a new or deleted
 * file Codex sends the bare content, which gets its signs here.
 */
export function diffLines({ kind, diff }: FileChangeFacts): string[] {
  if (diff === '') return []
  const lines = visibleLines(diff)
  if (kind === 'add') return lines.map((line) => `+${line}`)
  if (kind === 'delete') return lines.map((line) => `-${line}`)
  const [first = '', second = '', third = ''] = lines
  const hasHeader = first.startsWith('--- ') && second.startsWith('+++ ') && third.startsWith('@@')
  return hasHeader ? lines.slice(2) : lines
}
