/** Reduces the events of a thread to its transcript. Every kind of reading has its case. */
import type { ShareEvent } from '../../../protocol/events.ts'
import type { CommandFacts } from '../../../render/items/read-item.ts'
import type { GrowingType } from '../../../render/open-items/growing-items.ts'
import { hasContent } from '../../../render/open-items/growing-text.ts'
import { asUnfinished, withHole, withOutput } from '../../../render/open-items/open-commands.ts'
import { rememberNotice } from '../../../render/reading/notices.ts'
import { readEvent } from '../../../render/reading/read-event.ts'
import type { Notice, ReadableEvent, TurnEndFacts } from '../../../render/reading/readable-event.ts'
import { proseText } from '../../../render/terminal/prose-text.ts'
import type { BlockBody, SpeechKind } from './block.ts'
import {
  addSpeechHole,
  appendToSpeech,
  completeSpeech,
  startSpeech,
  writeOpen,
  writeParagraphs,
} from './reduce-speech.ts'
import { append, type Transcript } from './transcript.ts'

/** Takes in a batch of events; finished paragraphs of growing texts are cut off once, at its end. */
export function reduceEvents(transcript: Transcript, events: readonly ShareEvent[]): Transcript {
  let next = transcript
  for (const event of events) {
    // Each event once, whatever a source sends again after a break.
    if (event.id <= next.lastId) continue
    next = reduceEvent({ ...next, lastId: event.id }, event)
  }
  return next === transcript ? transcript : writeParagraphs(next)
}

function reduceEvent(transcript: Transcript, event: ShareEvent): Transcript {
  const readable = readEvent(event, transcript.ownPid)
  const getsOn = transcript.retrying !== '' && !passing.has(readable.kind)
  return reduceReadable(getsOn ? { ...transcript, retrying: '' } : transcript, readable, event.at)
}

/** What comes also while Codex tries something again. */
const passing: ReadonlySet<ReadableEvent['kind']> = new Set(['error', 'notice', 'leftOut', 'unknown'])

function reduceReadable(transcript: Transcript, readable: ReadableEvent, at: string): Transcript {
  switch (readable.kind) {
    case 'prompt':
      return addPrompt(transcript, readable, at)
    case 'textStarted':
      return startSpeech(transcript, readable.id, speechKinds[readable.type], readable.text)
    case 'textGrown':
      return appendToSpeech(transcript, readable.id, speechKinds[readable.type], readable.piece)
    case 'text':
      return completeSpeech(transcript, readable.id, speechKinds[readable.type], readable.text)
    case 'commandStarted': {
      const command = { itemId: readable.id, facts: readable.facts }
      return { ...transcript, commands: [...otherCommands(transcript, readable.id), command] }
    }
    case 'commandPrinted':
      return changeCommand(transcript, readable.id, (facts) => withOutput(facts, readable.output))
    case 'command': {
      const commands = otherCommands(transcript, readable.id)
      return append({ ...transcript, commands }, { kind: 'command', facts: readable.facts })
    }
    case 'changes': {
      const { changes, status } = readable
      return append(transcript, ...changes.map((change) => ({ kind: 'change', change, status }) as const))
    }
    case 'tool':
      return append(transcript, { kind: 'notice', look: 'quiet', text: `▸ ${readable.line}` })
    case 'steps':
      return append(transcript, readable)
    case 'missed':
      return readable.ids.reduce(addHole, transcript)
    case 'approvalAnswered':
      return append(transcript, { kind: 'notice', look: 'quiet', text: `▸ ${readable.subject}: ${readable.outcome}` })
    case 'turnEnd':
      return endTurn(transcript, readable)
    case 'error': {
      // Codex reports each try, for minutes without a network: one line that changes, until Codex gets on or gives up.
      if (readable.willRetry) return { ...transcript, retrying: readable.text }
      const { reason, text } = readable
      return append({ ...transcript, shownReason: reason }, { kind: 'notice', look: 'bad', text })
    }
    case 'notice':
      return addNotice(transcript, readable)
    case 'progress':
    case 'leftOut':
    case 'unknown':
      return transcript
    default:
      return readable satisfies never
  }
}

const speechKinds = { agentMessage: 'answer', plan: 'plan', reasoning: 'reasoning' } as const satisfies Record<
  GrowingType,
  SpeechKind
>

function addHole(transcript: Transcript, id: string): Transcript {
  const isCommand = transcript.commands.some(({ itemId }) => itemId === id)
  return isCommand ? changeCommand(transcript, id, withHole) : addSpeechHole(transcript, id)
}

function changeCommand(transcript: Transcript, id: string, change: (facts: CommandFacts) => CommandFacts): Transcript {
  const commands = transcript.commands.map((open) =>
    open.itemId === id ? { ...open, facts: change(open.facts) } : open,
  )
  return { ...transcript, commands }
}

function otherCommands({ commands }: Transcript, id: string): Transcript['commands'] {
  return commands.filter(({ itemId }) => itemId !== id)
}

function addPrompt(
  transcript: Transcript,
  { who, requestId, text }: Extract<ReadableEvent, { kind: 'prompt' }>,
  at: string,
): Transcript {
  const own = transcript.ownRequests.includes(requestId)
  const shown = proseText(text).replace(/\n+$/, '')
  return append(cutShort(transcript, who), { kind: 'prompt', who, own, at, text: shown })
}

function addNotice(transcript: Transcript, notice: Notice): Transcript {
  const saidOnce = rememberNotice(transcript.saidOnce, notice)
  if (saidOnce === null) return transcript
  const { look, text } = notice
  return append({ ...transcript, saidOnce }, { kind: 'notice', look, text })
}

/** What was being written when somebody steered the turn is not gone on with. */
function cutShort(transcript: Transcript, who: string): Transcript {
  if (!transcript.speeches.some((open) => hasContent(open) && !open.isCut)) return transcript
  const written = writeOpen(transcript)
  const speeches = written.speeches.map((open) => ({ ...open, isCut: true }))
  return append({ ...written, speeches }, { kind: 'notice', look: 'caution', text: `■ cut short by ${who}` })
}

/** Items that the turn left open will not be completed any more: what has come of them is kept. */
function endTurn(transcript: Transcript, turn: TurnEndFacts): Transcript {
  const { shownReason: toldReason } = transcript
  const unfinished = transcript.commands.map(
    ({ facts }): BlockBody => ({ kind: 'command', facts: asUnfinished(facts) }),
  )
  const ended = append(writeOpen(transcript), ...unfinished, { kind: 'turnEnd', ...turn, shownReason: toldReason })
  return { ...ended, speeches: [], commands: [], missed: [], shownReason: '' }
}
