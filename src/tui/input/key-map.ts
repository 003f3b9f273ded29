/** Maps each key to what it does, by what is on the screen: an overlay, an approval, or the composer. Pure. */

import { openForm } from '../state/approval-form.ts'
import { busyChoices, matchingEntries, type Overlay, shareActions } from '../state/overlay.ts'
import type { Session } from '../state/session.ts'
import type { UiAction } from '../state/ui-action.ts'
import type { Submission, UiState } from '../state/ui-state.ts'
import { onApproval, onForm } from './approval-keys.ts'
import type { UiCommand } from './command.ts'
import { editKeys } from './edit-keys.ts'
import type { KeyPress } from './key-press.ts'
import { completions, findCommand } from './slash-commands.ts'

export type Intent = UiAction | UiCommand

export function intentsOfKey(state: UiState, key: KeyPress): readonly Intent[] {
  if (key.name === 'ctrl+c') return leave(state)
  if (state.overlay) return onOverlay(state.overlay, key)
  const [approval] = state.approvals
  if (state.approvalChoice !== null && approval) {
    const form = openForm(state.form, approval)
    return form ? onForm(approval, form, key) : onApproval(approval, state.approvalChoice, key)
  }
  return onComposer(state, key)
}

const close: UiAction = { type: 'overlay', overlay: null }

/** Pressed twice it leaves; the first press puts away what is in the way, as a command needs the composer to itself. */
function leave({ overlay, composer, armed }: UiState): readonly Intent[] {
  if (armed === 'quit') return [{ do: 'quit' }]
  const arm: UiAction = { type: 'armed', armed: 'quit' }
  if (overlay) return [close, arm]
  return composer.text === '' ? [arm] : [{ type: 'edit', edit: { edit: 'putAway' } }, arm]
}

function onOverlay(overlay: Overlay, key: KeyPress): readonly Intent[] {
  switch (key.name) {
    case 'up':
      return [{ type: 'select', step: -1 }]
    case 'down':
    case 'tab':
      return [{ type: 'select', step: 1 }]
    case 'pageup':
      return [{ type: 'select', step: -10 }]
    case 'pagedown':
      return [{ type: 'select', step: 10 }]
    case 'escape':
      return overlay.kind === 'busy' ? [{ do: 'busy', choice: 'drop' }] : [close]
    case 'enter':
      return choose(overlay)
    default:
      if (overlay.kind === 'picker') return onPicker(overlay, key)
      return overlay.kind === 'busy' ? onBusyMenu(overlay, key) : onMenu(overlay, key)
  }
}

const wholeId = /^[0-9a-f-]{36}$/i

function choose(overlay: Overlay): readonly Intent[] {
  if (overlay.kind === 'share') return [{ do: 'share', action: shareActions[overlay.selected]?.action ?? 'about' }]
  if (overlay.kind === 'busy') return [{ do: 'busy', choice: busyChoices[overlay.selected]?.choice ?? 'drop' }]
  const { purpose, query } = overlay
  const entry = matchingEntries(overlay)[overlay.selected]
  if (entry) return [{ do: 'pick', purpose, reference: entry.threadId, shared: entry.shared }]
  // What is typed while the list is still being read is a search, unless it is a whole id.
  const isTooEarly = overlay.entries === null && !wholeId.test(query.trim())
  return query.trim() === '' || isTooEarly
    ? []
    : [{ do: 'pick', purpose, reference: query.trim(), shared: purpose === 'join' }]
}

/** The number before a choice picks it. */
function chooseByNumber(overlay: Overlay, { text }: KeyPress): readonly Intent[] {
  const index = /^[1-9]$/.test(text) ? Number(text) - 1 : -1
  const count = overlay.kind === 'share' ? shareActions.length : busyChoices.length
  return index >= 0 && index < count ? choose({ ...overlay, selected: index }) : []
}

/** Who types fast is ahead of the menu: what comes with the number is for the composer already. */
function onMenu(overlay: Overlay, { name, text }: KeyPress): readonly Intent[] {
  const choice = chooseByNumber(overlay, { name, text: text.slice(0, 1) })
  return choice.length > 0 && text.length > 1 ? [...choice, insert(text.slice(1))] : choice
}

/** The menu comes by itself, maybe in the middle of a word: what is typed then belongs to the draft. */
function onBusyMenu(overlay: Overlay, key: KeyPress): readonly Intent[] {
  const choice = chooseByNumber(overlay, key)
  if (choice.length > 0 || key.name !== 'text') return choice
  return [{ do: 'busy', choice: 'drop' }, insert(key.text)]
}

function onPicker(overlay: Extract<Overlay, { kind: 'picker' }>, { name, text }: KeyPress): readonly Intent[] {
  const query = (to: string): readonly Intent[] => [
    { type: 'overlay', overlay: { ...overlay, query: to, selected: 0, problem: null } },
  ]
  if (name === 'text') return query(overlay.query + text)
  if (name === 'backspace' || name === 'delete') return query(Array.from(overlay.query).slice(0, -1).join(''))
  return name === 'ctrl+u' ? query('') : []
}

/** A paste goes into whatever is written in. */
export function intentsOfPaste(state: UiState, text: string): readonly Intent[] {
  if (text === '') return []
  if (state.overlay)
    return intentsOfKey(state, { name: 'text', text: state.overlay.kind === 'picker' ? text.trim() : text })
  const isInForm = state.approvalChoice !== null && openForm(state.form, state.approvals[0]) !== undefined
  return [{ type: isInForm ? 'formEdit' : 'edit', edit: { edit: 'insert', text } }]
}

const insert = (text: string): UiAction => ({ type: 'edit', edit: { edit: 'insert', text } })

function onComposer(state: UiState, { name, text }: KeyPress): readonly Intent[] {
  const { composer, approvals } = state
  if (name === 'text') return [insert(text)]
  const edit = editKeys[name]
  if (edit === 'delete' && name === 'ctrl+d' && composer.text === '') return leave(state)
  if (edit) return [{ type: 'edit', edit: { edit } }]
  switch (name) {
    case 'enter':
      return onEnter(state)
    case 'shift+enter':
    case 'alt+enter':
    case 'ctrl+j':
      return [insert('\n')]
    case 'tab':
      if (approvals.length > 0) return [{ type: 'focus', on: 'approval' }]
      return complete(composer.text)
    case 'escape':
      return onEscape(state)
    case 'ctrl+x':
    case 'ctrl+g':
      return [{ do: 'editor' }]
    default:
      return []
  }
}

function onEnter({ composer: { text, cursor }, session, doing, submission }: UiState): readonly Intent[] {
  // A backslash before Enter is a line end in every terminal.
  if (text[cursor - 1] === '\\') return [{ type: 'edit', edit: { edit: 'backspace' } }, insert('\n')]
  if (text.trim() === '') return []
  if (text.startsWith('/')) {
    const meant = findCommand(text)
    if (meant) return [{ type: 'edit', edit: { edit: 'clear' } }, meant.intent]
    if (/^\/[a-z]*\s*$/.test(text)) return [hintAction(`there is no command ${text.trim()}: /help lists them`)]
  }
  if (session.readOnly) return [hintAction('this UI is read-only: it watches')]
  if (doing !== null) return [hintAction(`${doing} Your prompt stays here.`)]
  if (submission !== null && submission.state !== 'unknown')
    return [hintAction('your prompt before this one is still on its way: this one stays here')]
  const { connection } = session
  if (connection.state === 'lost' || connection.state === 'opening')
    return [hintAction('not connected: your prompt stays here until it is')]
  if (connection.state === 'failed' && session.mode === 'SHARED')
    return [
      hintAction('this thread is not shared here any more: your prompt stays here (/share: start again, or stop)'),
    ]
  if (connection.state === 'silent')
    return [hintAction('the daemon does not answer: your prompt stays here until it does')]
  return [{ do: 'submit', text }]
}

function complete(text: string): readonly Intent[] {
  const [first, ...others] = completions(text)
  if (!first) return []
  return [{ type: 'edit', edit: { edit: 'replace', text: others.length === 0 ? first.name : sharedStart(text) } }]
}

/** What all commands that are still possible have in common. */
function sharedStart(text: string): string {
  const names = completions(text).map(({ name }) => name)
  let end = text.length
  const [first = text] = names
  while (end < first.length && names.every((name) => name[end] === first[end])) end += 1
  return first.slice(0, end)
}

/** One that is sent over a connection that stands is answered in a moment, and is the thread's from then on. */
function canBeTakenBack({ state }: Submission, { connection }: Session): boolean {
  return state === 'waiting' || (state === 'sending' && connection.state !== 'open')
}

function onEscape({ session, submission, armed, doing }: UiState): readonly Intent[] {
  if (doing !== null) return [{ do: 'giveUp' }]
  if (submission && canBeTakenBack(submission, session)) return [{ do: 'stopWaiting' }]
  if (armed === 'interrupt') return [{ type: 'armed', armed: null }, { do: 'interrupt' }]
  if (armed === 'quit') return [{ type: 'armed', armed: null }]
  if (session.turn && !session.readOnly) return [{ type: 'armed', armed: 'interrupt' }]
  return [{ type: 'hint', hint: null }]
}

function hintAction(text: string): UiAction {
  return { type: 'hint', hint: text }
}
