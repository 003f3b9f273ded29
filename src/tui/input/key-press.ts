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
  return input.split(/(\r|\n)/).flatMap((piece): KeyPress[] => {
    if (piece === '') return []
    if (piece === '\r') return [{ name: 'enter', text: '' }]
    return piece === '\n' ? [{ name: 'ctrl+j', text: '' }] : [{ name: 'text', text: piece }]
  })
}

function withModifiers(name: string, { ctrl, meta, shift }: InkKey): string {
  // Ink reports Escape itself as pressed with meta.
  const alt = meta && name !== 'escape'
  return `${ctrl ? 'ctrl+' : ''}${alt ? 'alt+' : ''}${shift ? 'shift+' : ''}${name}`
}
