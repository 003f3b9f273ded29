/** The text being written: editing, moving by characters, words and lines, and going back through what was sent. Pure. */
import { longestHistory } from '../../platform/state-file.ts'

export interface Composer {
  readonly text: string
  /** Where the next character goes: an index into `text`, always between two graphemes. */
  readonly cursor: number
  /** Prompts that were sent, oldest first. */
  readonly history: readonly string[]
  /** Which of them is shown, or null for the draft itself. */
  readonly recalled: number | null
  /** The draft, while an entry of the history is shown. */
  readonly draft: string
}

export const emptyComposer: Composer = { text: '', cursor: 0, history: [], recalled: null, draft: '' }

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

export type Edit =
  | { readonly edit: 'insert'; readonly text: string }
  | { readonly edit: 'replace'; readonly text: string }
  | { readonly edit: EditName }

const edits = {
  backspace: (composer) => remove(composer, previous(composer), composer.cursor),
  delete: (composer) => remove(composer, composer.cursor, following(composer)),
  deleteWord: (composer) => remove(composer, wordStart(composer), composer.cursor),
  deleteToStart: (composer) => remove(composer, lineStart(composer), composer.cursor),
  deleteToEnd: (composer) => remove(composer, composer.cursor, lineEnd(composer)),
  left: (composer) => moveTo(composer, previous(composer)),
  right: (composer) => moveTo(composer, following(composer)),
  wordLeft: (composer) => moveTo(composer, wordStart(composer)),
  wordRight: (composer) => moveTo(composer, wordEnd(composer)),
  home: (composer) => moveTo(composer, lineStart(composer)),
  end: (composer) => moveTo(composer, lineEnd(composer)),
  up: (composer) => moveVertically(composer, -1),
  down: (composer) => moveVertically(composer, 1),
  clear: (composer) => show(composer, '', null),
  putAway: (composer) => stash(composer),
} as const satisfies Record<string, (composer: Composer) => Composer>

export type EditName = keyof typeof edits

export function edit(composer: Composer, change: Edit): Composer {
  if (change.edit === 'insert') return insert(composer, change.text)
  if (change.edit === 'replace') return show({ ...composer, draft: '' }, change.text, null)
  return edits[change.edit](composer)
}

/** Empties the composer and remembers what was in it, so that going back finds it. */
export function stash(composer: Composer): Composer {
  const others = composer.history.filter((entry) => entry !== composer.text)
  const history = composer.text.trim() === '' ? composer.history : [...others, composer.text].slice(-longestHistory)
  return { ...emptyComposer, history }
}

function insert(composer: Composer, text: string): Composer {
  const { text: before, cursor } = composer
  const clean = text.replace(/\r\n?/g, '\n')
  return { ...composer, text: before.slice(0, cursor) + clean + before.slice(cursor), cursor: cursor + clean.length }
}

function remove(composer: Composer, from: number, to: number): Composer {
  if (from === to) return composer
  return { ...composer, text: composer.text.slice(0, from) + composer.text.slice(to), cursor: from }
}

function moveTo(composer: Composer, cursor: number): Composer {
  return { ...composer, cursor }
}

/** Up and down move within the text, and beyond its first and last line through the history. */
function moveVertically(composer: Composer, step: -1 | 1): Composer {
  const start = lineStart(composer)
  const column = composer.cursor - start
  if (step === -1 && start > 0) {
    const above = composer.text.lastIndexOf('\n', start - 2) + 1
    return moveTo(composer, snap(composer.text, Math.min(above + column, start - 1)))
  }
  const end = lineEnd(composer)
  if (step === 1 && end < composer.text.length) {
    const nextEnd = composer.text.indexOf('\n', end + 1)
    const last = nextEnd === -1 ? composer.text.length : nextEnd
    return moveTo(composer, snap(composer.text, Math.min(end + 1 + column, last)))
  }
  return recall(composer, step)
}

function recall(composer: Composer, step: -1 | 1): Composer {
  const { history, recalled, text, draft } = composer
  const index = (recalled ?? history.length) + step
  if (index < 0 || index > history.length) return composer
  const kept = recalled === null ? text : draft
  if (index === history.length) return recalled === null ? composer : show({ ...composer, draft: '' }, kept, null)
  return show({ ...composer, draft: kept }, history[index] ?? '', index)
}

function show(composer: Composer, text: string, recalled: number | null): Composer {
  return { ...composer, text, cursor: text.length, recalled }
}

function lineStart({ text, cursor }: Composer): number {
  return cursor === 0 ? 0 : text.lastIndexOf('\n', cursor - 1) + 1
}

function lineEnd({ text, cursor }: Composer): number {
  const end = text.indexOf('\n', cursor)
  return end === -1 ? text.length : end
}

/** Only the line around the cursor is cut into graphemes: the text may be 100 kB of paste. */
function previous(composer: Composer): number {
  const start = lineStart(composer)
  if (composer.cursor === start) return Math.max(0, start - 1)
  return snap(composer.text, composer.cursor - 1)
}

function following(composer: Composer): number {
  const { text, cursor } = composer
  if (cursor >= text.length || text[cursor] === '\n') return Math.min(cursor + 1, text.length)
  const [first] = graphemes.segment(text.slice(cursor, cursor + 64))
  return cursor + (first?.segment.length ?? 1)
}

/** The beginning of the grapheme that `index` is in. */
function snap(text: string, index: number): number {
  const from = Math.max(text.lastIndexOf('\n', index - 1) + 1, index - 256)
  return from + (graphemes.segment(text.slice(from, index + 64)).containing(index - from)?.index ?? index - from)
}

function wordStart({ text, cursor }: Composer): number {
  return (
    cursor -
    (/(?:[\p{L}\p{N}_]+|[^\p{L}\p{N}_\s]+)?\s*$/u.exec(text.slice(Math.max(0, cursor - 512), cursor))?.[0].length ?? 0)
  )
}

function wordEnd({ text, cursor }: Composer): number {
  return cursor + (/^\s*(?:[\p{L}\p{N}_]+|[^\p{L}\p{N}_\s]+)?/u.exec(text.slice(cursor, cursor + 512))?.[0].length ?? 0)
}
