/** A form that is being filled in, one field after the other. Pure. */

import type { JsonObject } from '../../protocol/json/read-json.ts'
import { questionKindOf } from '../../protocol/questions/question-kinds.ts'
import type { FieldOption, FormField } from '../../render/questions/form-fields.ts'
import type { ApprovalPrompt } from './approvals.ts'
import { type Composer, type Edit, edit, emptyComposer } from './composer.ts'

export interface ApprovalForm {
  /** Of the approval that it belongs to. */
  readonly approvalId: ApprovalPrompt['id']
  /** Which of its fields is being written. */
  readonly at: number
  /** What stands in each of them. */
  readonly typed: readonly string[]
  readonly input: Composer
  /** Why what was typed is not taken. */
  readonly problem: string | null
}

export function startForm({ id, fields }: ApprovalPrompt): ApprovalForm {
  const typed = fields.map(({ initial }) => initial)
  return goTo({ approvalId: id, at: 0, typed, input: emptyComposer, problem: null }, 0)
}

/** The form of the approval that is answered now; undefined when none is open. */
export function openForm(form: ApprovalForm | null, approval: ApprovalPrompt | undefined): ApprovalForm | undefined {
  return form !== null && form.approvalId === approval?.id ? form : undefined
}

export function editForm(form: ApprovalForm, change: Edit): ApprovalForm {
  return { ...form, input: edit(form.input, change), problem: null }
}

/** Takes what stands in the field: the form with the next one, or the answer when this was the last. */
export function confirmField(
  approval: ApprovalPrompt,
  form: ApprovalForm,
): { readonly form: ApprovalForm } | { readonly answer: JsonObject } {
  const { fields } = approval
  const field = fields[form.at]
  const read = field ? readField(field, form.input.text) : { value: undefined }
  if ('problem' in read) return { form: { ...form, problem: read.problem } }
  const taken = keepTyped(form)
  return form.at + 1 < fields.length ? { form: goTo(taken, form.at + 1) } : { answer: answerOf(approval, taken.typed) }
}

/** The form with the field before; null when this is the first. */
export function previousField(form: ApprovalForm): ApprovalForm | null {
  return form.at === 0 ? null : goTo(keepTyped(form), form.at - 1)
}

function keepTyped(form: ApprovalForm): ApprovalForm {
  return { ...form, typed: form.typed.map((text, index) => (index === form.at ? form.input.text : text)) }
}

function goTo(form: ApprovalForm, at: number): ApprovalForm {
  const input = edit(emptyComposer, { edit: 'replace', text: form.typed[at] ?? '' })
  return { ...form, at, input, problem: null }
}

/** What was left out is not in the answer. */
function answerOf({ method, fields }: ApprovalPrompt, typed: readonly string[]): JsonObject {
  const values = fields.flatMap((field, index): [string, unknown][] => {
    const read = readField(field, typed[index] ?? '')
    return 'value' in read && read.value !== undefined ? [[field.name, read.value]] : []
  })
  const filled = Object.fromEntries(values)
  return questionKindOf(method).form?.fill(filled) ?? filled
}

type Reading = { readonly value: unknown } | { readonly problem: string }

/** The value of what was typed; undefined when nothing was. */
function readField(field: FormField, typed: string): Reading {
  const text = typed.trim()
  if (text === '') return field.required ? { problem: 'this cannot be left out' } : { value: undefined }
  switch (field.kind) {
    case 'text':
      return checkBounds(field, text, text.length, 'characters')
    case 'number':
    case 'integer': {
      const value = Number(text)
      const fits = field.kind === 'integer' ? Number.isInteger(value) : Number.isFinite(value)
      return fits ? checkBounds(field, value, value, '') : { problem: 'a number is needed here' }
    }
    case 'yesNo':
      if (/^(y|yes|true)$/i.test(text)) return { value: true }
      return /^(n|no|false)$/i.test(text) ? { value: false } : { problem: 'yes or no?' }
    case 'one': {
      const value = findOption(field, text)?.value ?? (field.free ? text : undefined)
      return value === undefined ? { problem: whichOnes(field) } : { value }
    }
    case 'several': {
      const meant = text.split(text.includes(',') ? /\s*,\s*/ : /\s+/).map((word) => findOption(field, word)?.value)
      const values = [...new Set(meant)]
      return values.includes(undefined)
        ? { problem: whichOnes(field) }
        : checkBounds(field, values, values.length, 'of them')
    }
    default:
      return field.kind satisfies never
  }
}

function checkBounds({ least, most }: FormField, value: unknown, size: number, what: string): Reading {
  if (least !== null && size < least) return { problem: `at least ${least} ${what}`.trimEnd() }
  return most !== null && size > most ? { problem: `at most ${most} ${what}`.trimEnd() } : { value }
}

/** By its number, or as it is called. */
function findOption({ options }: FormField, text: string): FieldOption | undefined {
  const word = text.toLowerCase()
  return (
    options.find(({ value, label }) => value.toLowerCase() === word || label.toLowerCase() === word) ??
    (/^\d+$/.test(text) ? options[Number(text) - 1] : undefined)
  )
}

function whichOnes({ options, kind }: FormField): string {
  return kind === 'one' ? `a number from 1 to ${options.length}` : `numbers from 1 to ${options.length}, with commas`
}
