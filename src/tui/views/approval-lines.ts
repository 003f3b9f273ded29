/** What Codex asks as lines: the choices, or the form that is being filled in. Pure. */
import { fieldLines } from '../../render/approval-details.ts'
import { truncateToWidth } from '../../render/display-width.ts'
import type { FormField } from '../../render/form-fields.ts'
import { safeLine } from '../../render/safe-text.ts'
import type { ApprovalForm } from '../state/approval-form.ts'
import type { Approval } from '../state/approvals.ts'
import { composerLines } from './composer-text.ts'
import { behindMark, choice, inputMark, type OverlaySpace, title } from './menu-parts.ts'
import { wrapLines } from './wrap-lines.ts'

export interface ShownApproval {
  readonly approval: Approval
  /** Which choice is selected; null while the keys belong to the composer. */
  readonly selected: number | null
  readonly form: ApprovalForm | undefined
}

export function approvalLines({ approval, selected, form }: ShownApproval, space: OverlaySpace): readonly string[] {
  const { paint, width, rows } = space
  if (form) return formLines(approval, form, selected !== null, space)
  const how = selected === null ? 'Tab to answer' : '↑↓ Enter · Tab for the composer'
  const choices = approval.choices.map(({ key, label }, index) => choice(`${key}  ${label}`, index === selected, space))
  const none = choices.length === 0 ? [paint('quiet', '  It cannot be answered here.')] : []
  const head = title(`⏸ ${approval.title}`, how, space)
  const room = Math.max(1, rows - choices.length - none.length - head.length)
  const text = approval.lines.flatMap((line) => wrapLines(line, width - 2)).map((line) => `  ${line}`)
  const cut = text.length <= room ? text : [...text.slice(0, room - 1), '  …']
  return [...head, ...cut, ...choices, ...none]
}

/** The field that is being written, below what was written before. What was asked gives way first. */
function formLines(approval: Approval, form: ApprovalForm, active: boolean, space: OverlaySpace): readonly string[] {
  const { paint, width, rows, screenReader } = space
  const { fields } = approval
  const field = fields[form.at]
  const how = active ? 'Enter · Esc back · Tab for the composer' : 'Tab to answer'
  const before = fields.slice(0, form.at).map((done, index) => {
    const text = shownText(done, form.typed[index] ?? '')
    return paint(
      'quiet',
      truncateToWidth(`  ${safeLine(done.title)}  ${safeLine(text) || (screenReader ? 'nothing' : '–')}`, width),
    )
  })
  const [head = '', ...options] = field ? fieldLines(field) : []
  const count = fields.length > 1 ? `${form.at + 1} of ${fields.length}  ` : ''
  const input = field ? { ...form.input, text: shownText(field, form.input.text) } : form.input
  const asked = [
    ...wrapLines(`${count}${head}`, width - 2),
    ...options.map((line) => truncateToWidth(line, width - 2)),
    ...behindMark(composerLines(input, { width: width - 2 - inputMark(space).length, rows: 3, active }), space),
  ].map((line) => `  ${line}`)
  const problem = form.problem === null ? [] : [paint('bad', truncateToWidth(`  ${form.problem}`, width))]
  const needed = [...asked, ...problem]
  const heading = title(`⏸ ${approval.title}`, how, space)
  return [...heading, ...lastOf(before, rows - heading.length - needed.length), ...needed]
}

function lastOf(lines: readonly string[], count: number): readonly string[] {
  return count > 0 ? lines.slice(-count) : []
}

function shownText({ secret }: FormField, text: string): string {
  return secret ? '•'.repeat(text.length) : text
}
