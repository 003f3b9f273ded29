/** Draws a question of Codex's: the choices, or the form that is being filled in. Pure. */

import { visibleLine, visibleText } from '../../protocol/text/visible-text.ts'
import { fieldLines } from '../../render/questions/approval-details.ts'
import type { FormField } from '../../render/questions/form-fields.ts'
import { truncateToWidth } from '../../render/terminal/display-width.ts'
import type { ApprovalForm } from '../state/approval-form.ts'
import type { ApprovalPrompt } from '../state/approvals.ts'
import { showAllKey } from '../state/approvals.ts'
import { reverse } from '../theme/style.ts'
import { composerLines } from './composer-text.ts'
import { choiceLine, inputMark, type OverlaySpace, titleLines, withInputMark } from './menu-parts.ts'
import { wrapIndented, wrapLines } from './wrap-lines.ts'

interface ShownApproval {
  readonly approval: ApprovalPrompt
  /** Which choice is selected; null while the keys belong to the composer. */
  readonly selected: number | null
  readonly form: ApprovalForm | undefined
}

export function approvalLines({ approval, selected, form }: ShownApproval, space: OverlaySpace): readonly string[] {
  const { paint, width, rows } = space
  if (form) return formLines(approval, form, selected !== null, space)
  const how = selected === null ? 'Tab to answer' : '↑↓ Enter · Tab for the composer'
  const choices = approval.choices.flatMap(({ key, label }, index) =>
    choiceLines(key, label, index === selected, space),
  )
  const none = choices.length === 0 ? [paint('quiet', '  It cannot be answered here.')] : []
  const head = titleLines(`⏸ ${approval.title}`, how, space)
  const room = Math.max(1, rows - choices.length - none.length - head.length)
  const text = approval.lines.flatMap((line) => wrapLines(line, width - 2)).map((line) => `  ${line}`)
  return [...head, ...fitLines(text, room, selected !== null, space), ...choices, ...none]
}

/** What does not fit is said to be there, with the key that shows it. */
function fitLines(
  text: readonly string[],
  room: number,
  active: boolean,
  { paint, width }: OverlaySpace,
): readonly string[] {
  if (text.length <= room) return text
  const hidden = `  … ${text.length - room + 1} more lines: ${active ? '' : 'Tab, then '}${showAllKey} shows all of it`
  return [...text.slice(0, room - 1), paint('caution', truncateToWidth(hidden, width))]
}

/** An option is shown whole: it is what will be answered. */
function choiceLines(key: string, label: string, selected: boolean, space: OverlaySpace): readonly string[] {
  const [first = '', ...more] = wrapLines(label, space.width - 2 - key.length - 2)
  const indent = ' '.repeat(key.length + 4)
  return [
    choiceLine(`${key}  ${first}`, selected, space),
    ...more.map((line) => (selected ? reverse(indent + line) : indent + line)),
  ]
}

/** The field that is being written, below what was written before. What was asked gives way first. */
function formLines(
  approval: ApprovalPrompt,
  form: ApprovalForm,
  active: boolean,
  space: OverlaySpace,
): readonly string[] {
  const { paint, width, rows, screenReader } = space
  const { fields } = approval
  const field = fields[form.at]
  const how = active ? 'Enter · Esc back · Tab for the composer' : 'Tab to answer'
  const before = fields.slice(0, form.at).map((done, index) => {
    const text = shownText(done, form.typed[index] ?? '')
    return paint(
      'quiet',
      truncateToWidth(`  ${visibleLine(done.title)}  ${visibleLine(text) || (screenReader ? 'nothing' : '–')}`, width),
    )
  })
  const [head = '', ...options] = field ? fieldLines(field) : []
  const count = fields.length > 1 ? `${form.at + 1} of ${fields.length}  ` : ''
  const input = field ? { ...form.input, text: shownText(field, form.input.text) } : form.input
  const asked = [
    ...wrapLines(`${count}${head}`, width - 2),
    ...options.flatMap((line) => wrapIndented(line, width - 2)),
    ...withInputMark(
      composerLines(input, { width: width - 2 - inputMark(space).length, rows: 3, active, makeSafe: visibleText }),
      space,
    ),
  ].map((line) => `  ${line}`)
  const problem = form.problem === null ? [] : [paint('bad', truncateToWidth(`  ${form.problem}`, width))]
  const needed = [...asked, ...problem]
  const heading = titleLines(`⏸ ${approval.title}`, how, space)
  return [...heading, ...lastOf(before, rows - heading.length - needed.length), ...needed]
}

function lastOf(lines: readonly string[], count: number): readonly string[] {
  return count > 0 ? lines.slice(-count) : []
}

function shownText({ secret }: FormField, text: string): string {
  return secret ? '•'.repeat(text.length) : text
}
