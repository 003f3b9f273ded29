/** Lists the prompts in a thread's queue, each with its author. Pure. */
import type { QueuedPrompt, ThreadQueue } from '../../protocol/queue.ts'
import { visibleLine } from '../../protocol/text/visible-text.ts'
import { age } from '../terminal/clock.ts'
import { truncateToWidth } from '../terminal/display-width.ts'
import { proseLine } from '../terminal/prose-text.ts'
import { shortestIds, type TableOptions, table } from './table.ts'

/** `ann: fix the tests` */
export function queuedLine({ by, text }: QueuedPrompt): string {
  return `${queuedBy(by)}: ${proseLine(text)}`
}

/** `, held back: the last turn was interrupted`, or nothing. */
export function heldBackText({ heldBack }: ThreadQueue): string {
  return heldBack === null ? '' : `, held back: ${visibleLine(heldBack)}`
}

/** A heading and a line for each prompt. `title` is what the thread is known by. */
export function queueLines(queue: ThreadQueue, title: string, { paint, width }: TableOptions): string[] {
  const cut = (line: string) => (width === undefined ? line : truncateToWidth(line, Math.max(width, 20)))
  const lines = queue.prompts.map((prompt, index) => cut(`  ${index + 1}. ${queuedLine(prompt)}`))
  return [paint('heading', cut(`Queued in ${title}${heldBackText(queue)}`)), ...lines]
}

/** With the beginnings of ids by which a prompt can be taken back. */
export function queueTable(
  { prompts }: ThreadQueue,
  { now, ...options }: TableOptions & { readonly now: number },
): string {
  const ids = shortestIds(prompts.map(({ id }) => id))
  const rows = prompts.map(({ by, queuedAt, text }, index) => {
    const id = visibleLine(ids[index] ?? '')
    return [id, queuedBy(by), age(queuedAt, now), proseLine(text)]
  })
  return table(['ID', 'BY', 'QUEUED', 'PROMPT'], rows, options)
}

function queuedBy(by: QueuedPrompt['by']): string {
  return by === null ? 'somebody' : visibleLine(by.label)
}
