/** One line for the items that are told and not quoted: tool calls, searches, images, sub-agents, review, compaction. */
import { visibleLine } from '../protocol/visible-text.ts'
import { duration } from './clock.ts'
import type { ShownItem } from './event-treatment.ts'
import { proseLine } from './prose-text.ts'
import type { Item } from './read-item.ts'
import { listOf, numberOf, objectOf, textOf } from './read-json.ts'

type Fields = Item['fields']
type QuotedItem = 'userMessage' | 'agentMessage' | 'plan' | 'reasoning' | 'commandExecution' | 'fileChange'
export type ToldItem = Exclude<ShownItem, QuotedItem>

const longestArguments = 100

const lines: Record<ToldItem, (fields: Fields) => string> = {
  mcpToolCall: (fields) => toolCall(fields, `${shown(fields.server)}/${shown(fields.tool)}`),
  dynamicToolCall: (fields) => toolCall(fields, shown(fields.tool)),
  collabAgentToolCall: (fields) =>
    ['sub-agent', shown(fields.tool), proseLine(textOf(fields.prompt).slice(0, longestArguments))]
      .filter(Boolean)
      .join(' '),
  subAgentActivity: (fields) => `sub-agent ${shown(fields.agentPath)} ${shown(fields.kind)}`,
  webSearch: (fields) => `searched the web: ${visibleLine(searched(fields))}`,
  imageView: (fields) => `looked at ${shown(fields.path)}`,
  imageGeneration: (fields) => ['made an image', shown(fields.savedPath)].filter(Boolean).join(': '),
  enteredReviewMode: (fields) => `review began: ${proseLine(textOf(fields.review))}`,
  exitedReviewMode: (fields) => `review ended: ${proseLine(textOf(fields.review))}`,
  contextCompaction: () => 'the context was compacted',
}

export function isTold(type: string): type is ToldItem {
  return Object.hasOwn(lines, type)
}

/** The line, safe for a terminal and without an end. */
export function toolLine(type: ToldItem, item: Item): string {
  return lines[type](item.fields)
}

function toolCall(fields: Fields, name: string): string {
  const given = fields.arguments === undefined || fields.arguments === null ? '' : JSON.stringify(fields.arguments)
  const shortened = given.length > longestArguments ? `${given.slice(0, longestArguments)}…` : given
  const took = numberOf(fields.durationMs)
  const problem = proseLine(textOf(objectOf(fields.error).message))
  const outcome = problem !== '' ? ` failed: ${problem}` : fields.status === 'failed' ? ' failed' : ''
  return `${name}(${visibleLine(shortened)})${took === null ? '' : ` · ${duration(took)}`}${outcome}`
}

function shown(value: unknown): string {
  return visibleLine(textOf(value))
}

function searched(fields: Fields): string {
  const action = objectOf(fields.action)
  return (
    textOf(fields.query) || textOf(action.url) || textOf(action.query) || listOf(action.queries).map(textOf).join(', ')
  )
}
