/** Reads each event for the readable outputs. */
import type { ShareEvent } from '../../protocol/events.ts'
import { listOf, numberOf, objectOf, textOf } from '../../protocol/json/read-json.ts'
import { type ShownNotification, whyLeftOut } from '../../protocol/notifications.ts'
import { visibleLine, visibleText } from '../../protocol/text/visible-text.ts'
import { commandFacts, itemText, readItem } from '../items/read-item.ts'
import { type GrowingType, isGrowingType } from '../open-items/growing-items.ts'
import { approvalOutcome } from '../questions/approval-outcome.ts'
import { proseLine, proseText } from '../terminal/prose-text.ts'
import { forgottenText } from './forgotten-text.ts'
import { caution, quiet, readError, readThreadStatus, warning } from './notices.ts'
import { readCompletedItem } from './read-completed-item.ts'
import type { ReadableEvent } from './readable-event.ts'
import { settingsText } from './settings-text.ts'

type Reading = (event: ShareEvent, ownPid: number | null) => ReadableEvent

/** Every notification that is shown at all. */
const readings = {
  error: readError,
  warning: warning(({ params }) => `! ${textOf(params.message)}`),
  guardianWarning: caution(({ params }) => `! ${textOf(params.message)}`),
  configWarning: warning(({ params }) => `! ${textOf(params.summary)}`),
  'thread/status/changed': readThreadStatus,
  'thread/name/updated': quiet(({ params }) => `– named “${visibleLine(textOf(params.threadName))}”`),
  'thread/archived': quiet(() => '– the thread was archived'),
  'thread/unarchived': quiet(() => '– the thread was taken out of the archive'),
  'thread/deleted': caution(() => '– the thread was deleted'),
  'thread/reverted': caution(
    ({ by }) => `– the thread was taken back to an earlier point${by ? `, by ${visibleLine(by.label)}` : ''}`,
  ),
  'turn/completed': readTurnEnd,
  'turn/plan/updated': steps,
  'item/started': readStartedItem,
  'item/completed': readCompletedItem,
  'item/agentMessage/delta': readDelta('agentMessage'),
  'item/plan/delta': readDelta('plan'),
  'item/reasoning/summaryTextDelta': readDelta('reasoning'),
  'item/reasoning/summaryPartAdded': readSummaryPart,
  'item/commandExecution/outputDelta': ({ params }) => ({
    kind: 'commandPrinted',
    id: textOf(params.itemId),
    output: textOf(params.delta),
  }),
  'model/rerouted': caution(
    ({ params }) => `! the model changed from ${textOf(params.fromModel)} to ${textOf(params.toModel)}`,
  ),
} satisfies Record<ShownNotification, Reading>

/** Events of the daemon's own. */
const ownReadings = {
  'share/settingsChanged': caution((event) => `– ${settingsText(event)}`),
  'share/forgotten': caution((event) => `… ${forgottenText(event)}`),
  'share/missed': ({ params }) => ({ kind: 'missed', ids: listOf(params.itemIds).map(textOf) }),
  'share/approvalAnswered': (event, ownPid) => {
    const isOwn = ownPid !== null && event.by?.pid === ownPid
    return { kind: 'approvalAnswered', ...approvalOutcome(event, isOwn ? 'you' : undefined) }
  },
} satisfies Record<string, Reading>

const byMethod = new Map<string, Reading>(Object.entries({ ...readings, ...ownReadings }))

/** `ownPid` is the process that authors have as theirs when it is the reader's own: it is spoken to as “you”. */
export function readEvent(event: ShareEvent, ownPid: number | null = null): ReadableEvent {
  const reading = byMethod.get(event.method)
  if (reading) return reading(event, ownPid)
  const reason = whyLeftOut(event.method)
  return reason === undefined ? { kind: 'unknown', name: event.method } : { kind: 'leftOut', reason }
}

function readStartedItem({ params }: ShareEvent): ReadableEvent {
  const item = readItem(params)
  const { id, type } = item
  if (isGrowingType(type)) return { kind: 'textStarted', id, type, text: itemText(item) }
  if (type === 'commandExecution') return { kind: 'commandStarted', id, facts: commandFacts(item) }
  return { kind: 'progress', reason: 'shown once it is complete, which for these is at once or very soon' }
}

function readDelta(type: GrowingType): Reading {
  return ({ params }) => ({ kind: 'textGrown', id: textOf(params.itemId), type, piece: textOf(params.delta) })
}

function readSummaryPart({ params }: ShareEvent): ReadableEvent {
  if (params.summaryIndex === 0) return { kind: 'progress', reason: 'the first part begins the summary' }
  // Each later one is a new paragraph, as in the final text.
  return { kind: 'textGrown', id: textOf(params.itemId), type: 'reasoning', piece: '\n\n' }
}

function steps({ params }: ShareEvent): ReadableEvent {
  const explanation = proseText(textOf(params.explanation))
  const all = listOf(params.plan).map((entry) => {
    const { step, status } = objectOf(entry)
    return { text: proseLine(textOf(step)), status: textOf(status) }
  })
  return { kind: 'steps', explanation, steps: all }
}

function readTurnEnd({ params, by }: ShareEvent): ReadableEvent {
  const { status, durationMs, error: failure } = objectOf(params.turn)
  return {
    kind: 'turnEnd',
    status: visibleLine(textOf(status)),
    durationMs: numberOf(durationMs),
    reason: visibleText(textOf(objectOf(failure).message)),
    who: visibleLine(by?.label ?? ''),
  }
}
