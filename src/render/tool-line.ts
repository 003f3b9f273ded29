/** One line for the items that are told and not quoted: tool calls, searches, images, sub-agents, review, compaction. */
import { duration } from './clock.ts'
import type { ShownItem } from './event-treatment.ts'
import type { Item } from './read-item.ts'
import { listOf, numberOf, objectOf, textOf } from './read-json.ts'
import { safeLine } from './safe-text.ts'

type Fields = Item['fields']
type QuotedItem = 'userMessage' | 'agentMessage' | 'plan' | 'reasoning' | 'commandExecution' | 'fileChange'
export type ToldItem = Exclude<ShownItem, QuotedItem>

const longestArguments = 100

const lines: Record<ToldItem, (fields: Fields) => string> = {
  mcpToolCall: (fields) => toolCall(fields, `${textOf(fields.server)}/${textOf(fields.tool)}`),
  dynamicToolCall: (fields) => toolCall(fields, textOf(fields.tool)),
  collabAgentToolCall: (fields) =>
    ['sub-agent', textOf(fields.tool), textOf(fields.prompt).slice(0, longestArguments)].filter(Boolean).join(' '),
  subAgentActivity: (fields) => `sub-agent ${textOf(fields.agentPath)} ${textOf(fields.kind)}`,
  webSearch: (fields) => `searched the web: ${searched(fields)}`,
  imageView: (fields) => `looked at ${textOf(fields.path)}`,
  imageGeneration: (fields) => ['made an image', textOf(fields.savedPath)].filter(Boolean).join(': '),
  enteredReviewMode: (fields) => `review began: ${textOf(fields.review)}`,
  exitedReviewMode: (fields) => `review ended: ${textOf(fields.review)}`,
  contextCompaction: () => 'the context was compacted',
}

export function isTold(type: string): type is ToldItem {
  return Object.hasOwn(lines, type)
}

/** The line, safe for a terminal and without an end. */
export function toolLine(type: ToldItem, item: Item): string {
  return safeLine(lines[type](item.fields))
}

function toolCall(fields: Fields, name: string): string {
  const given = fields.arguments === undefined || fields.arguments === null ? '' : JSON.stringify(fields.arguments)
  const shortened = given.length > longestArguments ? `${given.slice(0, longestArguments)}…` : given
  const took = numberOf(fields.durationMs)
  const problem = textOf(objectOf(fields.error).message)
  const outcome = problem !== '' ? ` failed: ${problem}` : fields.status === 'failed' ? ' failed' : ''
  return `${name}(${shortened})${took === null ? '' : ` · ${duration(took)}`}${outcome}`
}

function searched(fields: Fields): string {
  const action = objectOf(fields.action)
  return (
    textOf(fields.query) || textOf(action.url) || textOf(action.query) || listOf(action.queries).map(textOf).join(', ')
  )
}
