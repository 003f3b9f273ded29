/** Measures text in columns of a terminal, and cuts it to fit: wide characters count two, combining ones none. */
import { eastAsianWidth } from 'get-east-asian-width'

/** Made when first needed: it takes longer than everything else in a short command. */
let segmenter: Intl.Segmenter | undefined
const plainAscii = /^[\x20-\x7e]*$/
const invisible =
  /[\p{Default_Ignorable_Code_Point}\p{Control}\p{Format}\p{Nonspacing_Mark}\p{Enclosing_Mark}\p{Surrogate}]/u
/** What takes columns behind the first character of its cluster: spacing marks, halfwidth kana marks, Hangul that begins a syllable. */
const besideFirst = /[\p{Spacing_Mark}\uff00-\uffef\u1100-\u115f\ua960-\ua97c\uac00-\ud7a3]/u
/**
 * Clusters that a terminal draws as one emoji although their first character alone is narrow or several are wide: flags, keycaps, emoji
 * style, skin tones, joined emoji. `\p{RGI_Emoji}` would say so in one word, and takes longer to compile than a short command takes.
 */
const emojiSequence =
  /^(?:\p{RI}{2}|[\d#*]\ufe0f?\u20e3|\p{ExtPict}\ufe0f|\p{Emoji_Modifier_Base}\p{Emoji_Modifier}|\p{ExtPict}.*\u200d\p{ExtPict})/u

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
  if (emojiSequence.test(grapheme)) return 2
  let width = 0
  for (const character of grapheme) {
    if (invisible.test(character)) continue
    if (width === 0 || besideFirst.test(character)) width += eastAsianWidth(character.codePointAt(0) ?? 0)
  }
  return width
}
