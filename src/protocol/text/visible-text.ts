/**
 * Text that somebody decides by (commands, diffs, paths, names, the fields of a form): every character that does not show as itself is a
 * visible mark, nothing is taken out, and nothing is put together. Pure.
 */

/**
 * What a terminal obeys, what it shows nothing for, and what looks like a space and is none: controls, format characters (bidirectional,
 * zero-width, tags, soft hyphen, …), all that Unicode lets a font ignore (fillers, joiners, variation selectors), halves of surrogate
 * pairs, every other space, and two symbols that are drawn empty.
 */
export const unseen =
  /[[\p{Cc}\p{Cf}\p{Cs}\p{Z}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u{2800}\u{1d159}]--[ ]]/v

const unseenButLineEnds = new RegExp(`[${unseen.source}--[\\n]]`, 'gv')
const tab = '→   '

/** Line ends stay: the text is shown on as many lines as it has. */
export function visibleText(text: string): string {
  return text.replace(unseenButLineEnds, markOf)
}

/** The lines of the text. A line end at the very end ends the last line, and begins none. */
export function visibleLines(text: string): string[] {
  return visibleText(text.endsWith('\n') ? text.slice(0, -1) : text).split('\n')
}

/** All on one line, for paths and names. Spaces at its ends, which nobody would see, are marks as well. */
export function visibleLine(text: string): string {
  return visibleText(text)
    .replaceAll('\n', markOf)
    .replace(/^ +| +$/g, (blanks) => '␠'.repeat(blanks.length))
}

/** A picture for what has one (`␍`, `␛`), an arrow as wide as a tab stop for a tab, and the number of any other, such as `\u{202e}`. */
export function markOf(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (character === '\t') return tab
  if (code < 0x20) return String.fromCodePoint(0x2400 + code)
  if (code === 0x7f) return '␡'
  return `\\u{${code.toString(16)}}`
}
