/** Maps each key to what it does while a question of Codex's is answered. Pure. */
import { type ApprovalForm, confirmField, previousField, startForm } from '../state/approval-form.ts'
import { type ApprovalChoice, type ApprovalPrompt, showAllKey } from '../state/approvals.ts'
import type { BlockBody } from '../state/transcript/block.ts'
import type { UiAction } from '../state/ui-action.ts'
import type { UiCommand } from './command.ts'
import { editKeys } from './edit-keys.ts'
import type { KeyPress } from './key-press.ts'

type Intent = UiAction | UiCommand

export function onApproval(approval: ApprovalPrompt, selected: number, { name, text }: KeyPress): readonly Intent[] {
  const { choices } = approval
  const choose = (choice: ApprovalChoice | undefined): readonly Intent[] => {
    if (!choice) return []
    return [choice.answer ? { do: 'answer', answer: choice.answer } : { type: 'form', form: startForm(approval) }]
  }
  if (name === 'up') return [{ type: 'select', step: -1 }]
  if (name === 'down') return [{ type: 'select', step: 1 }]
  if (name === 'tab' || name === 'escape') return [{ type: 'focus', on: 'composer' }]
  if (name === 'enter') return choose(choices[selected])
  if (text.toLowerCase() === showAllKey) return [{ type: 'say', blocks: [wholeQuestion(approval)] }]
  const choice = choices.find(({ key }) => key === text.toLowerCase())
  // What is no answer is the beginning of something else.
  if (choice || name !== 'text') return choose(choice)
  return [
    { type: 'focus', on: 'composer' },
    { type: 'edit', edit: { edit: 'insert', text } },
  ]
}

function wholeQuestion({ title, lines, choices }: ApprovalPrompt): BlockBody {
  return { kind: 'question', title, lines: [...lines, ...choices.map(({ key, label }) => `${key}  ${label}`)] }
}

/** Escape goes back, field by field and then to the choices. */
export function onForm(approval: ApprovalPrompt, form: ApprovalForm, { name, text }: KeyPress): readonly Intent[] {
  if (name === 'text') return [{ type: 'formEdit', edit: { edit: 'insert', text } }]
  if (name === 'tab') return [{ type: 'focus', on: 'composer' }]
  if (name === 'escape') return [{ type: 'form', form: previousField(form) }]
  if (name === 'enter') {
    const next = confirmField(approval, form)
    return ['answer' in next ? { do: 'answer', answer: next.answer } : { type: 'form', form: next.form }]
  }
  const edit = editKeys[name]
  return edit ? [{ type: 'formEdit', edit: { edit } }] : []
}
