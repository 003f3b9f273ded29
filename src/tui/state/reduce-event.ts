/** What each event of a thread does to the transcript. Every notification of the pinned app-server has its case. */
import type { ShareEvent } from '../../protocol/events.ts'
import { visibleLine } from '../../protocol/visible-text.ts'
import { type ShownMethod, treatmentOfEvent, treatmentOfItem } from '../../render/event-treatment.ts'
import { errorReason, isNotice, type NoticeMethod, noticeOf } from '../../render/notices.ts'
import { proseText } from '../../render/prose-text.ts'
import { commandFacts, fileChanges, type Item, itemText, promptText, readItem } from '../../render/read-item.ts'
import { objectOf, textOf } from '../../render/read-json.ts'
import { isTold, toolLine } from '../../render/tool-line.ts'
import type { BlockBody, SpeechKind } from './block.ts'
import { cutParagraphs, cutRest, type OpenSpeech } from './speech.ts'
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
      return grow(transcript, textOf(params.itemId), textOf(params.delta))
    case 'item/reasoning/summaryPartAdded':
      // The first part begins the summary; each later one is a new paragraph.
      return params.summaryIndex === 0 ? transcript : grow(transcript, textOf(params.itemId), '\n\n')
    case 'turn/plan/updated':
      return append(transcript, { kind: 'steps', params })
    case 'turn/completed':
      return endTurn(transcript, objectOf(params.turn), event.by?.label ?? '')
    default:
      return method satisfies never
  }
}

function startItem(transcript: Transcript, item: Item): Transcript {
  const speech = speechKinds[item.type]
  if (speech !== undefined) {
    const open: OpenSpeech = { itemId: item.id, speech, received: proseText(itemText(item)), written: 0 }
    return { ...transcript, speeches: [...transcript.speeches.filter(({ itemId }) => itemId !== item.id), open] }
  }
  if (item.type !== 'commandExecution') return transcript // Complete at once or very soon, and shown then.
  const command = { itemId: item.id, facts: commandFacts(item) }
  return { ...transcript, commands: [...transcript.commands.filter(({ itemId }) => itemId !== item.id), command] }
}

const speechKinds: Readonly<Record<string, SpeechKind | undefined>> = {
  agentMessage: 'answer',
  plan: 'plan',
  reasoning: 'reasoning',
}

/** Deltas of an item whose start was not seen are not shown: its beginning is missing, and its completion brings the whole. */
function grow(transcript: Transcript, id: string, piece: string): Transcript {
  const speeches = transcript.speeches.map((speech) =>
    speech.itemId === id ? { ...speech, received: speech.received + proseText(piece) } : speech,
  )
  return { ...transcript, speeches }
}

function completeItem(transcript: Transcript, item: Item, event: ShareEvent): Transcript {
  const type = treatmentOfItem(item.type)
  if (type === 'left out' || type === 'unknown') return transcript
  if (isTold(type)) return append(transcript, { kind: 'notice', look: 'quiet', text: `▸ ${toolLine(type, item)}` })
  switch (type) {
    case 'userMessage':
      return append(writeOpen(transcript), promptBlock(transcript, item, event))
    case 'agentMessage':
    case 'plan':
    case 'reasoning':
      return completeSpeech(transcript, item, speechKinds[type] ?? 'answer')
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

function completeSpeech(transcript: Transcript, item: Item, speech: SpeechKind): Transcript {
  const open = transcript.speeches.find(({ itemId }) => itemId === item.id)
  const speeches = transcript.speeches.filter(({ itemId }) => itemId !== item.id)
  const rest = cutRest(open ?? { itemId: item.id, speech, received: '', written: 0 }, proseText(itemText(item)))
  const text = rest.text.replace(/\n+$/, '')
  if (text === '') return { ...transcript, speeches }
  const first = rest.again || (open?.written ?? 0) === 0
  return append({ ...transcript, speeches }, { kind: 'speech', speech, first, text })
}

/** Written for good as soon as it can be, so that what is redrawn on every frame stays small. */
function writeParagraphs(transcript: Transcript): Transcript {
  let next = transcript
  for (const speech of transcript.speeches) {
    const { done, written } = cutParagraphs(speech)
    if (done === '') continue
    const speeches = next.speeches.map((open) => (open.itemId === speech.itemId ? { ...open, written } : open))
    const first = speech.written === 0
    next = append({ ...next, speeches }, { kind: 'speech', speech: speech.speech, first, text: done })
  }
  return next
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

/** Writes what has come of growing texts: what follows them on the screen came later, and a text that was steered is not completed. */
function writeOpen(transcript: Transcript): Transcript {
  const left = transcript.speeches.flatMap(({ speech, received, written }): BlockBody[] => {
    const text = received.slice(written).trimEnd()
    return text === '' ? [] : [{ kind: 'speech', speech, first: written === 0, text }]
  })
  const speeches = transcript.speeches.map((open) => ({ ...open, written: open.received.length }))
  return append({ ...transcript, speeches }, ...left)
}

/** Items that the turn left open will not be completed any more: what has come of them is kept. */
function endTurn(transcript: Transcript, turn: Readonly<Record<string, unknown>>, by: string): Transcript {
  const { toldReason } = transcript
  const unfinished = transcript.commands.map(({ facts }): BlockBody => ({ kind: 'command', facts }))
  const ended = append(writeOpen(transcript), ...unfinished, { kind: 'turnEnd', turn, toldReason, by })
  return { ...ended, speeches: [], commands: [], toldReason: '' }
}
