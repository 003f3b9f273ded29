/** An approval in full, for people who decide: what is asked, where, and everything else that Codex says about it. */
import type { Approval } from '../protocol/approvals.ts'
import { age } from './clock.ts'
import { fileChanges, readItem } from './read-item.ts'
import { listOf, objectOf, textOf } from './read-json.ts'
import { safeLine, safeLines, safeText } from './safe-text.ts'
import { diffLines } from './text-blocks.ts'
import type { Look, Paint } from './theme.ts'

export interface ApprovalTextOptions {
  readonly paint: Paint
  /** Milliseconds since 1970. */
  readonly now: number
  /** How to call a command of `share`, such as `codex-share share`. */
  readonly command: string
}

const kinds: Readonly<Record<string, string>> = {
  'item/commandExecution/requestApproval': 'run a command',
  'item/fileChange/requestApproval': 'change files',
  'item/permissions/requestApproval': 'have permissions',
  'item/tool/requestUserInput': 'know something from you',
  'mcpServer/elicitation/request': 'have a tool server ask you',
  'item/tool/call': 'call a tool of its client',
}

/** Members that say nothing to a person, are shown in a way of their own, or are offers that a plain yes does not take up. */
const toldOtherwise = new Set([
  'approvalId',
  'availableDecisions',
  'command',
  'commandActions',
  'environmentId',
  'isBlocking',
  'itemId',
  'kind',
  'proposedExecpolicyAmendment',
  'proposedNetworkPolicyAmendments',
  'questions',
  'startedAtMs',
  'threadId',
  'turnId',
])

/** Several lines, with a last line end. Nothing of what is asked is cut. */
export function approvalText(approval: Approval, { paint, now, command }: ApprovalTextOptions): string {
  const { approvalId, threadId, method, params, askedAt } = approval
  const wish = kinds[method] ?? safeLine(method)
  const target = `--thread ${threadId} ${approvalId}`
  return `${[
    `${paint('heading', approvalId)}  Codex wants to ${wish}  ${paint('quiet', age(askedAt, now))}`,
    ...commandLines(params).map((line) => paint('command', `  ${line}`)),
    ...changeLines(approval).map((line) => paint(diffLook(line), `  ${line}`)),
    ...questionLines(params).map((line) => `  ${line}`),
    ...otherMembers(params).map((line) => `  ${line}`),
    paint('quiet', `  ${command} approve ${target}   ${command} deny ${target}`),
  ].join('\n')}\n`
}

function commandLines({ command }: Approval['params']): string[] {
  const text = textOf(command)
  return text === '' ? [] : safeLines(text).map((line, index) => `${index === 0 ? '$' : ' '} ${line}`)
}

function changeLines({ item }: Approval): string[] {
  return fileChanges(readItem({ item })).flatMap((change) => [
    `${change.kind} ${change.path}${change.movedTo === '' ? '' : ` → ${change.movedTo}`}`,
    ...diffLines(change),
  ])
}

function diffLook(line: string): Look {
  if (line.startsWith('+')) return 'added'
  return line.startsWith('-') ? 'removed' : 'command'
}

function questionLines({ questions }: Approval['params']): string[] {
  return listOf(questions).flatMap((entry) => {
    const { header, question, options } = objectOf(entry)
    const choices = listOf(options).map((option) => {
      const { label, description } = objectOf(option)
      return `  - ${safeLine(textOf(label))}  ${safeLine(textOf(description))}`.trimEnd()
    })
    return [`${safeLine(textOf(header))}: ${safeLine(textOf(question))}`, ...choices]
  })
}

/** What is not known here is shown as it came, so that nobody agrees to something that was left out. */
function otherMembers(params: Approval['params']): string[] {
  return Object.entries(params)
    .filter(([name, value]) => !toldOtherwise.has(name) && value !== null)
    .map(([name, value]) => `${name}  ${typeof value === 'string' ? safeText(value) : safeText(JSON.stringify(value))}`)
}
