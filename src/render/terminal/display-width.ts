/** How many columns text takes on a terminal, and cutting it to fit: wide characters count two, combining ones none. */

/** Made when first needed: it takes longer than everything else in a short command. */
let segmenter: Intl.Segmenter | undefined
const plainAscii = /^[\x20-\x7e]*$/
const emoji = /\p{Emoji_Presentation}|\ufe0f/u
const invisible = /^[\p{Mark}\p{Format}\p{Control}]+$/u

/** First and last code points of the blocks whose characters take two columns (East Asian Wide and Fullwidth, Unicode TR 11). */
const wideBlocks = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x17000, 0x18cff],
  [0x1b000, 0x1b2ff],
  [0x20000, 0x3fffd],
] as const

/** Columns that the text takes; it must be one line of safe text. */
export function displayWidth(text: string): number {
  if (plainAscii.test(text)) return text.length
  let width = 0
  for (const { segment } of graphemes(text)) width += graphemeWidth(segment)
  return width
}

/** The text cut to at most `columns`, with `…` as its last column when something was cut off. */
export function truncateToWidth(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text
  let width = 1
  let kept = ''
  for (const { segment } of graphemes(text)) {
    width += graphemeWidth(segment)
    if (width > columns) break
    kept += segment
  }
  return `${kept}…`
}

/** The text with spaces after it up to `columns`. */
export function padToWidth(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)))
}

function graphemes(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  return segmenter.segment(text)
}

function graphemeWidth(grapheme: string): number {
  if (emoji.test(grapheme)) return 2
  if (invisible.test(grapheme)) return 0
  const code = grapheme.codePointAt(0) ?? 0
  return wideBlocks.some(([first, last]) => code >= first && code <= last) ? 2 : 1
}
