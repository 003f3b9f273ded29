/** Between transcript and composer: what waits until the thread is free, the next first. Pure. */

import { heldBackText, queuedLine } from '../../render/tables/thread-queue.ts'
import { truncateToWidth } from '../../render/terminal/display-width.ts'
import type { Session } from '../state/session.ts'
import { spokenText } from '../theme/spoken-text.ts'
import type { Style } from '../theme/style.ts'

const mostPrompts = 3

export function queuePreview({ queue }: Session, style: Style): readonly string[] {
  if (!queue) return []
  const { paint, width, screenReader } = style
  const mark = screenReader ? '' : '↳ '
  const prompts = queue.prompts.slice(0, mostPrompts).map((prompt) => `  ${mark}${queuedLine(prompt)}`)
  const more = queue.prompts.length - prompts.length
  const lines = [`Queued${heldBackText(queue)}`, ...prompts, ...(more > 0 ? [`  and ${more} more`] : [])]
  return lines.map((line) => paint('quiet', truncateToWidth(spokenText(line, style), width)))
}
