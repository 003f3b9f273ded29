/** Keys as this program speaks of them, made from what Ink gives. */

/** `name` is what the key is called (`ctrl+a`, `enter`, `alt+left`); a key that writes something has `text` and the name `text`. */
export interface KeyPress {
  readonly name: string
  readonly text: string
}

/** The parts of Ink's `Key` that are looked at. */
export interface InkKey {
  readonly upArrow: boolean
  readonly downArrow: boolean
  readonly leftArrow: boolean
  readonly rightArrow: boolean
  readonly pageUp: boolean
  readonly pageDown: boolean
  readonly home: boolean
  readonly end: boolean
  readonly return: boolean
  readonly escape: boolean
  readonly tab: boolean
  readonly backspace: boolean
  readonly delete: boolean
  readonly ctrl: boolean
  readonly meta: boolean
  readonly shift: boolean
}

const named = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageup'],
  ['pageDown', 'pagedown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'escape'],
  ['tab', 'tab'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
] as const

/**
 * One or more presses: a terminal hands over everything that was typed since it was last read, so a line and its Enter may come as
 * one piece. Pastes do not come this way.
 */
export function keyPresses(input: string, key: InkKey): KeyPress[] {
  const found = named.find(([flag]) => key[flag])
  if (found) return [{ name: withModifiers(found[1], key), text: '' }]
  if (key.ctrl || key.meta) return [{ name: withModifiers(input.toLowerCase(), key), text: '' }]
  // biome-ignore lint/suspicious/noControlCharactersInRegex: keys are what control characters are here
  return input.split(/([\u0000-\u001f\u007f])/).flatMap((piece): KeyPress[] => {
    if (piece === '') return []
    return [controlKey(piece) ?? { name: 'text', text: piece }]
  })
}

const controlKeys: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\t': 'tab',
  '\u001b': 'escape',
  '\u007f': 'backspace',
}

/** Ctrl with a letter is sent as the letter's place in the alphabet. */
function controlKey(piece: string): KeyPress | undefined {
  const code = piece.charCodeAt(0)
  if (piece.length > 1 || (code >= 0x20 && code !== 0x7f)) return undefined
  return { name: controlKeys[piece] ?? `ctrl+${String.fromCharCode(code + 0x60)}`, text: '' }
}

function withModifiers(name: string, { ctrl, meta, shift }: InkKey): string {
  // Ink reports Escape itself as pressed with meta.
  const alt = meta && name !== 'escape'
  return `${ctrl ? 'ctrl+' : ''}${alt ? 'alt+' : ''}${shift ? 'shift+' : ''}${name}`
}
