/** What each event of a thread does to the transcript. Every notification of the pinned app-server has its case. */
import type { ShareEvent } from '../../protocol/events.ts'
import { visibleLine } from '../../protocol/visible-text.ts'
import { approvalOutcome } from '../../render/approval-outcome.ts'
import { type ShownMethod, treatmentOfEvent, treatmentOfItem } from '../../render/event-treatment.ts'
import { errorReason, isNotice, type NoticeMethod, noticeOf } from '../../render/notices.ts'
import { deltaTypes, type GrowingType, isGrowing } from '../../render/open-items/growing-items.ts'
import { hasCome } from '../../render/open-items/growing-text.ts'
import { leftOpen, withMissedOutput, withOutput } from '../../render/open-items/open-commands.ts'
import { proseText } from '../../render/prose-text.ts'
import {
  type CommandFacts,
  commandFacts,
  fileChanges,
  type Item,
  promptText,
  readItem,
} from '../../render/read-item.ts'
import { listOf, objectOf, textOf } from '../../render/read-json.ts'
import { isTold, toolLine } from '../../render/tool-line.ts'
import type { BlockBody, SpeechKind } from './block.ts'
import { completeSpeech, growSpeech, missSpeech, startSpeech, writeOpen, writeParagraphs } from './take-speech.ts'
import { append, type Transcript } from './transcript.ts'

/** Takes in a batch of events; finished paragraphs of growing texts are cut off once, at its end. */
export function takeEvents(transcript: Transcript, events: readonly ShareEvent[]): Transcript {
  let next = transcript
  for (const event of events) {
    // Each event once, whatever a source sends again after a break.
    if (event.id <= next.lastId) continue
    next = takeEvent({ ...next, lastId: event.id }, event)
  }
  return next === transcript ? transcript : writeParagraphs(next)
}

function takeEvent(transcript: Transcript, event: ShareEvent): Transcript {
  const method = treatmentOfEvent(event.method)
  if (method === 'left out' || method === 'unknown') return transcript
  if (isNotice(method)) return takeNotice(transcript, method, event)
  return takeProgress(transcript.retrying === '' ? transcript : { ...transcript, retrying: '' }, method, event)
}

function takeProgress(
  transcript: Transcript,
  method: Exclude<ShownMethod, NoticeMethod>,
  event: ShareEvent,
): Transcript {
  const { params } = event
  switch (method) {
    case 'item/started':
      return startItem(transcript, readItem(params))
    case 'item/completed':
      return completeItem(transcript, readItem(params), event)
    case 'item/agentMessage/delta':
    case 'item/plan/delta':
    case 'item/reasoning/summaryTextDelta':
      return growSpeech(transcript, textOf(params.itemId), speechKinds[deltaTypes[method]], textOf(params.delta))
    case 'item/reasoning/summaryPartAdded':
      // The first part begins the summary; each later one is a new paragraph.
      return params.summaryIndex === 0 ? transcript : growSpeech(transcript, textOf(params.itemId), 'reasoning', '\n\n')
    case 'item/commandExecution/outputDelta':
      return changeCommand(transcript, textOf(params.itemId), (facts) => withOutput(facts, textOf(params.delta)))
    case 'share/missed':
      return listOf(params.itemIds).map(textOf).reduce(missItem, transcript)
    case 'share/approvalAnswered': {
      const isOwn = event.by !== null && event.by.pid === transcript.ownPid
      const { subject, outcome } = approvalOutcome(event, isOwn ? 'you' : undefined)
      return append(transcript, { kind: 'notice', look: 'quiet', text: `▸ ${subject}: ${outcome}` })
    }
    case 'turn/plan/updated':
      return append(transcript, { kind: 'steps', params })
    case 'turn/completed':
      return endTurn(transcript, objectOf(params.turn), event.by?.label ?? '')
    default:
      return method satisfies never
  }
}

function startItem(transcript: Transcript, item: Item): Transcript {
  if (isGrowing(item.type)) return startSpeech(transcript, item, speechKinds[item.type])
  if (item.type !== 'commandExecution') return transcript // Complete at once or very soon, and shown then.
  const command = { itemId: item.id, facts: commandFacts(item) }
  return { ...transcript, commands: [...transcript.commands.filter(({ itemId }) => itemId !== item.id), command] }
}

const speechKinds = { agentMessage: 'answer', plan: 'plan', reasoning: 'reasoning' } as const satisfies Record<
  GrowingType,
  SpeechKind
>

function missItem(transcript: Transcript, id: string): Transcript {
  const isCommand = transcript.commands.some(({ itemId }) => itemId === id)
  return isCommand ? changeCommand(transcript, id, withMissedOutput) : missSpeech(transcript, id)
}

function changeCommand(transcript: Transcript, id: string, change: (facts: CommandFacts) => CommandFacts): Transcript {
  const commands = transcript.commands.map((open) =>
    open.itemId === id ? { ...open, facts: change(open.facts) } : open,
  )
  return { ...transcript, commands }
}

function completeItem(transcript: Transcript, item: Item, event: ShareEvent): Transcript {
  const type = treatmentOfItem(item.type)
  if (type === 'left out' || type === 'unknown') return transcript
  if (isTold(type)) return append(transcript, { kind: 'notice', look: 'quiet', text: `▸ ${toolLine(type, item)}` })
  switch (type) {
    case 'userMessage':
      return append(cutShort(transcript, event), promptBlock(transcript, item, event))
    case 'agentMessage':
    case 'plan':
    case 'reasoning':
      return completeSpeech(transcript, item, speechKinds[type])
    case 'commandExecution': {
      const commands = transcript.commands.filter(({ itemId }) => itemId !== item.id)
      return append({ ...transcript, commands }, { kind: 'command', facts: commandFacts(item) })
    }
    case 'fileChange': {
      const status = textOf(item.fields.status)
      return append(transcript, ...fileChanges(item).map((change) => ({ kind: 'change', change, status }) as const))
    }
    default:
      return type satisfies never
  }
}

function promptBlock({ ownRequests }: Transcript, item: Item, { at, by }: ShareEvent): BlockBody {
  const own = ownRequests.includes(textOf(item.fields.clientId))
  const text = proseText(promptText(item)).replace(/\n+$/, '')
  return { kind: 'prompt', who: visibleLine(by?.label ?? 'user'), own, at, text }
}

function takeNotice(transcript: Transcript, method: NoticeMethod, event: ShareEvent): Transcript {
  const { params } = event
  const notice = noticeOf(method, event)
  if (!notice) return transcript
  // Each try is told, for minutes without a network: one line that changes, until Codex gets on or gives up.
  if (method === 'error' && params.willRetry === true) return { ...transcript, retrying: notice.text }
  const told = method === 'error' ? { ...transcript, toldReason: errorReason(params) } : transcript
  if (method !== 'warning' && method !== 'configWarning') return append(told, { kind: 'notice', ...notice })
  if (told.toldWarnings.includes(notice.text)) return told
  return append({ ...told, toldWarnings: [...told.toldWarnings, notice.text] }, { kind: 'notice', ...notice })
}

/** What was being written when somebody steered the turn is not gone on with. */
function cutShort(transcript: Transcript, { by }: ShareEvent): Transcript {
  if (!transcript.speeches.some((open) => hasCome(open) && !open.isCut)) return transcript
  const text = `■ cut short by ${visibleLine(by?.label ?? 'user')}`
  const written = writeOpen(transcript)
  const speeches = written.speeches.map((open) => ({ ...open, isCut: true }))
  return append({ ...written, speeches }, { kind: 'notice', look: 'caution', text })
}

/** Items that the turn left open will not be completed any more: what has come of them is kept. */
function endTurn(transcript: Transcript, turn: Readonly<Record<string, unknown>>, by: string): Transcript {
  const { toldReason } = transcript
  const unfinished = transcript.commands.map(({ facts }): BlockBody => ({ kind: 'command', facts: leftOpen(facts) }))
  const ended = append(writeOpen(transcript), ...unfinished, { kind: 'turnEnd', turn, toldReason, by })
  return { ...ended, speeches: [], commands: [], missed: [], toldReason: '' }
}
