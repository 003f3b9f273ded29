/** The composer as lines: wrapped to the terminal, with the cursor, and only the part around it when the text is long. Pure. */
import { displayWidth } from '../../render/terminal/display-width.ts'
import { proseText } from '../../render/terminal/prose-text.ts'
import type { Composer } from '../state/composer.ts'
import { reverse } from '../theme/style.ts'

interface ComposerSize {
  /** Columns for the text. */
  readonly width: number
  /** Most lines to show. */
  readonly rows: number
  /** Whether keys go here, and so a cursor is shown. */
  readonly active: boolean
  /** Makes a character safe to show: as prose without this. */
  readonly makeSafe?: (character: string) => string
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Only what is near the cursor is looked at: a paste of 100 kB must not cost more with every key. */
const near = 4000

export function composerLines(
  { text, cursor }: Composer,
  { width, rows, active, makeSafe = proseText }: ComposerSize,
): readonly string[] {
  const from = Math.max(0, text.lastIndexOf('\n', Math.max(0, cursor - near)) + 1)
  const to = cursor + near
  const lines: string[] = []
  let line = ''
  let columns = 0
  let cursorLine = 0
  const push = () => {
    lines.push(line)
    line = ''
    columns = 0
  }
  let index = from
  for (const { segment } of graphemes.segment(`${text.slice(from, to)} `)) {
    // What was pasted, or comes from the history, may hold anything.
    const shown = segment === '\t' ? '  ' : segment === '\n' ? segment : makeSafe(segment)
    const size = segment === '\n' ? 0 : displayWidth(shown)
    if (columns + size > width && !(index >= text.length && index !== cursor)) push()
    if (index === cursor) {
      cursorLine = lines.length
      line += active ? reverse(segment === '\n' ? ' ' : shown) : segment === '\n' ? '' : shown
    } else if (segment !== '\n' && index < text.length) line += shown
    columns += size
    if (segment === '\n' && index < text.length) push()
    index += segment.length
  }
  push()
  const first = Math.max(0, Math.min(cursorLine - rows + 1, lines.length - rows))
  const last = Math.max(first, cursorLine - Math.floor(rows / 2))
  const start = Math.min(Math.max(first, last), Math.max(0, lines.length - rows))
  return lines.slice(start, start + rows)
}
