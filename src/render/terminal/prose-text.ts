/**
 * Text that is read (what people and the model say, what a command printed), made harmless for a terminal: nothing in it can move the
 * cursor, recolour, retitle or reorder. What somebody decides by goes through `protocol/visible-text` instead, where nothing is left out.
 */
import { stripVTControlCharacters } from 'node:util'
import { markOf } from '../../protocol/text/visible-text.ts'

/**
 * C0 without tab and LF, DEL, C1, the marks that reorder text (the "Trojan Source" set) or annotate it, invisible operators, tags outside
 * of a flag, and halves of surrogate pairs. The joiners and variation selectors of emoji and of Persian and Indic words stay.
 */
const unsafe =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is the point
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2061-\u206f\ufeff\ufff9-\ufffb]|\p{Cs}|(?<!\u{1f3f4}[\u{e0020}-\u{e007f}]*)[\u{e0000}-\u{e007f}]/gu

/**
 * The text with escape sequences taken out, line ends made LF, and every other control character shown as a picture or `\u{…}`.
 *
 * A sequence that is cut in two by streaming is not recognised, but its escape character is then shown, so it does nothing either.
 */
export function proseText(text: string): string {
  // The common case costs one scan and makes no new string.
  if (text.search(unsafe) === -1) return text
  return stripVTControlCharacters(text).replaceAll('\r\n', '\n').replace(unsafe, markOf)
}

/** The same on one line, with blanks put together: for a sentence or the beginning of a prompt, and never for a path or a name. */
export function proseLine(text: string): string {
  return proseText(text)
    .replaceAll(/\s*[\n\t]\s*/g, ' ')
    .trim()
}

/** Lines of a command's output, and of nothing else: of a line that was overwritten (a progress bar) only the last state counts. */
export function outputLines(output: string): string[] {
  const lines = output.replaceAll('\r\n', '\n').replace(/\n+$/, '').split('\n')
  return lines.map((line) => proseText(line.replace(/\r+$/, '').split('\r').at(-1) ?? '').replaceAll('\t', '    '))
}
