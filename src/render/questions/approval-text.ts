/** An approval in full, for people who decide: what is asked, where, and everything else that Codex says about it. */
import type { Approval } from '../../protocol/approvals.ts'
import { textOf } from '../../protocol/json/read-json.ts'
import { questionKindOf } from '../../protocol/questions/question-kinds.ts'
import { safeJson } from '../../protocol/text/safe-json.ts'
import { shellWord } from '../../protocol/text/shell-word.ts'
import { visibleLine } from '../../protocol/text/visible-text.ts'
import { changeLines } from '../items/change-lines.ts'
import { commandLines } from '../items/command-lines.ts'
import { age } from '../terminal/clock.ts'
import type { Look, Paint } from '../terminal/theme.ts'
import { fieldLines } from './approval-details.ts'
import type { FormField } from './form-fields.ts'
import { otherMembers } from './other-members.ts'
import { shownQuestion } from './shown-questions.ts'

interface ApprovalTextOptions {
  readonly paint: Paint
  /** Milliseconds since 1970. */
  readonly now: number
  /** A command of `share`, as people copy it. */
  readonly commandToCopy: (words: string) => string
}

/** Several lines, with a last line end. Nothing of what is asked is cut. */
export function approvalText(approval: Approval, { paint, now, commandToCopy }: ApprovalTextOptions): string {
  const { params, askedAt } = approval
  const command = textOf(params.command)
  const [approvalId, threadId] = [visibleLine(approval.approvalId), visibleLine(approval.threadId)]
  const shown = shownQuestion(approval)
  const target = `--thread ${shellWord(threadId)} ${shellWord(approvalId)}`
  const details = shown.details(params)
  const fields = shown.fields(params) ?? []
  return `${[
    `${paint('heading', approvalId)}  Codex wants to ${shown.words(approval).wish}  ${paint('quiet', age(askedAt, now))}`,
    ...(command === '' ? [] : commandLines(command)).map((line) => paint('command', `  ${line}`)),
    ...changeLines(approval.item).map((line) => paint(diffLook(line), `  ${line}`)),
    ...[...details.lines, ...fields.flatMap(fieldLines)].map((line) => `  ${line}`),
    ...otherMembers(params, details.shownMembers).map((line) => `  ${line}`),
    paint(
      'quiet',
      `  ${commandToCopy(`approve ${target}${answerFlag(approval, fields)}`)}   ${commandToCopy(`deny ${target}`)}`,
    ),
  ].join('\n')}\n`
}

/** What is to be typed, so that it only has to be filled in. */
function answerFlag({ method }: Approval, fields: readonly FormField[]): string {
  if (fields.length === 0) return ''
  if (fields.length === 1 && questionKindOf(method).form?.takesText) return ' --answer TEXT'
  const form = safeJson(Object.fromEntries(fields.map((field) => [field.name, example(field)])))
  // The names are the server's own: they must not end the quotes in anybody's shell.
  return ` --answer ${shellWord(form)}`
}

/** Of the kind that is expected, since a tool server takes no text for a number. */
function example({ kind, initial }: FormField): unknown {
  if (kind === 'several') return ['…']
  if (kind === 'yesNo') return true
  return kind === 'number' || kind === 'integer' ? Number(initial) : '…'
}

function diffLook(line: string): Look {
  if (line.startsWith('+')) return 'added'
  return line.startsWith('-') ? 'removed' : 'command'
}
