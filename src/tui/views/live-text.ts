/** Draws what is still growing: the end of the answer being written, and the commands that run. Pure. */
import { truncateToWidth } from '../../render/terminal/display-width.ts'
import { commandHead } from '../../render/text/text-blocks.ts'
import type { Transcript } from '../state/transcript/transcript.ts'
import type { Style } from '../theme/style.ts'
import { speechText } from './block-text.ts'
import { wrapLines } from './wrap-lines.ts'

/** At most `rows` lines, the last ones: what is redrawn must stay smaller than the screen, or it would flicker. */
export function liveText({ speeches, commands }: Transcript, rows: number, style: Style): string {
  const parts = [
    ...speeches.map((open) => {
      // More than fills the screen cannot be seen: it is not even looked at.
      const rest = open.beginning.slice(open.written)
      const visible = rest.slice(-rows * style.width)
      if (visible.trim() === '') return ''
      // The end of a long part may begin in the middle of a code block, so it is shown as it came.
      if (visible.length < rest.length) return visible
      return speechText({ speech: open.speech, first: open.written === 0, text: rest }, style)
    }),
    ...commands.map(({ facts }) => commandHead(facts, style)),
  ].filter((part) => part !== '')
  if (parts.length === 0) return ''
  const lines = wrapLines(parts.join('\n\n'), style.width)
  const shown = lines.length <= rows ? lines : [truncateToWidth('⋮', style.width), ...lines.slice(1 - rows)]
  return shown.join('\n')
}
