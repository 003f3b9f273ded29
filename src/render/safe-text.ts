/** Makes text from a model or a command harmless for a terminal: nothing in it can move the cursor, recolour, retitle or reorder. */
import { stripVTControlCharacters } from 'node:util'

/** C0 without tab and LF, DEL, C1, and the marks that reorder or hide text (the "Trojan Source" set). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is the point
const unsafe = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/**
 * The text with escape sequences taken out, line ends made LF, and every other control character shown as a picture or `\u{…}`.
 *
 * A sequence that is cut in two by streaming is not recognised, but its escape character is then shown, so it does nothing either.
 */
export function safeText(text: string): string {
  // The common case costs one scan and makes no new string.
  if (text.search(unsafe) === -1) return text
  return stripVTControlCharacters(text).replaceAll('\r\n', '\n').replace(unsafe, visible)
}

/** Safe text on one line, for names, paths and headings. */
export function safeLine(text: string): string {
  return safeText(text)
    .replaceAll(/\s*[\n\t]\s*/g, ' ')
    .trim()
}

/** Lines of a command's output; of a line that was overwritten with carriage returns (a progress bar) only the last state counts. */
export function safeLines(output: string): string[] {
  const lines = output.replaceAll('\r\n', '\n').replace(/\n+$/, '').split('\n')
  return lines.map((line) => safeText(line.replace(/\r+$/, '').split('\r').at(-1) ?? '').replaceAll('\t', '    '))
}

function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x20) return String.fromCodePoint(0x2400 + code)
  if (code === 0x7f) return '\u2421'
  return `\\u{${code.toString(16)}}`
}
