/** Reads each kind of item once it is complete. */
import type { ThreadItem } from '../../../generated/codex/v2/ThreadItem.ts'
import type { ShareEvent } from '../../protocol/events.ts'
import { listOf, numberOf, objectOf, textOf } from '../../protocol/json/read-json.ts'
import { visibleLine } from '../../protocol/text/visible-text.ts'
import { commandFacts, fileChanges, type Item, itemText, promptText, readItem } from '../items/read-item.ts'
import type { GrowingType } from '../open-items/growing-items.ts'
import { duration } from '../terminal/clock.ts'
import { proseLine } from '../terminal/prose-text.ts'
import type { ReadableEvent } from './readable-event.ts'

type Fields = Item['fields']
type ItemReading = (item: Item, event: ShareEvent) => ReadableEvent

/** Every kind of item the pinned app-server knows; a new one in a new version fails the type check here. */
const itemReadings = {
  userMessage: (item, { by }) => ({
    kind: 'prompt',
    who: visibleLine(by?.label ?? 'user'),
    requestId: textOf(item.fields.clientId),
    text: promptText(item),
  }),
  agentMessage: text('agentMessage'),
  plan: text('plan'),
  reasoning: text('reasoning'),
  commandExecution: (item) => ({ kind: 'command', id: item.id, facts: commandFacts(item) }),
  fileChange: (item) => ({ kind: 'changes', changes: fileChanges(item), status: textOf(item.fields.status) }),
  mcpToolCall: tool((fields) => toolCall(fields, `${shownText(fields.server)}/${shownText(fields.tool)}`)),
  dynamicToolCall: tool((fields) => toolCall(fields, shownText(fields.tool))),
  collabAgentToolCall: tool(({ tool, prompt }) =>
    ['sub-agent', shownText(tool), proseLine(textOf(prompt).slice(0, longestArguments))].filter(Boolean).join(' '),
  ),
  subAgentActivity: tool(({ agentPath, kind }) => `sub-agent ${shownText(agentPath)} ${shownText(kind)}`),
  webSearch: tool((fields) => `searched the web: ${visibleLine(searchTerms(fields))}`),
  imageView: tool(({ path }) => `looked at ${shownText(path)}`),
  imageGeneration: tool(({ savedPath }) => ['made an image', shownText(savedPath)].filter(Boolean).join(': ')),
  enteredReviewMode: tool(({ review }) => `review began: ${proseLine(textOf(review))}`),
  exitedReviewMode: tool(({ review }) => `review ended: ${proseLine(textOf(review))}`),
  contextCompaction: tool(() => 'the context was compacted'),
  hookPrompt: leftOut('text that a hook gave the model, not the people'),
  functionCallOutput: leftOut('what a client answered to a tool call; the call is shown'),
  sleep: leftOut('the model waiting'),
} as const satisfies Record<ThreadItem['type'], ItemReading>

const readings = new Map<string, ItemReading>(Object.entries(itemReadings))

/** Of an `item/completed`. */
export function readCompletedItem(event: ShareEvent): ReadableEvent {
  const item = readItem(event.params)
  const reading = readings.get(item.type)
  return reading ? reading(item, event) : { kind: 'unknown', name: [event.method, item.type].filter(Boolean).join(' ') }
}

const longestArguments = 100

function text(type: GrowingType): ItemReading {
  return (item) => ({ kind: 'text', id: item.id, type, text: itemText(item) })
}

/** Items that are mentioned and not quoted: one line, safe for a terminal and without an end. */
function tool(line: (fields: Fields) => string): ItemReading {
  return ({ fields }) => ({ kind: 'tool', line: line(fields) })
}

function leftOut(reason: string): ItemReading {
  return () => ({ kind: 'progress', reason })
}

function toolCall(fields: Fields, name: string): string {
  const given = fields.arguments === undefined || fields.arguments === null ? '' : JSON.stringify(fields.arguments)
  const shortened = given.length > longestArguments ? `${given.slice(0, longestArguments)}…` : given
  const took = numberOf(fields.durationMs)
  const problem = proseLine(textOf(objectOf(fields.error).message))
  const outcome = problem !== '' ? ` failed: ${problem}` : fields.status === 'failed' ? ' failed' : ''
  return `${name}(${visibleLine(shortened)})${took === null ? '' : ` · ${duration(took)}`}${outcome}`
}

function shownText(value: unknown): string {
  return visibleLine(textOf(value))
}

function searchTerms(fields: Fields): string {
  const action = objectOf(fields.action)
  return (
    textOf(fields.query) || textOf(action.url) || textOf(action.query) || listOf(action.queries).map(textOf).join(', ')
  )
}
