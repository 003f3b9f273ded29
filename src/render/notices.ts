/** The notifications that are told in one line: errors, warnings, waiting, and what happens to the thread itself. */
import type { ShareEvent } from '../protocol/events.ts'
import { visibleLine, visibleText } from '../protocol/visible-text.ts'
import type { ShownMethod } from './event-treatment.ts'
import { forgottenText } from './forgotten-text.ts'
import { listOf, objectOf, textOf } from './read-json.ts'
import { settingsText } from './settings-text.ts'
import type { Look } from './theme.ts'

type Params = ShareEvent['params']

export interface Notice {
  readonly look: Look
  readonly text: string
}

export type NoticeMethod = Exclude<
  ShownMethod,
  `item/${string}` | `turn/${string}` | 'share/missed' | 'share/approvalAnswered'
>

const notices: Record<NoticeMethod, (params: Params, by: ShareEvent['by']) => Notice | undefined> = {
  error: (params) => bad(`✖ ${errorReason(params)}${params.willRetry === true ? ' (trying again)' : ''}`),
  warning: ({ message }) => caution(`! ${textOf(message)}`),
  guardianWarning: ({ message }) => caution(`! ${textOf(message)}`),
  configWarning: ({ summary }) => caution(`! ${textOf(summary)}`),
  'model/rerouted': ({ fromModel, toModel }) =>
    caution(`! the model changed from ${textOf(fromModel)} to ${textOf(toModel)}`),
  'thread/status/changed': ({ status }) => statusNotice(objectOf(status)),
  'thread/name/updated': ({ threadName }) => quiet(`– named “${visibleLine(textOf(threadName))}”`),
  'share/settingsChanged': (params, by) => caution(`– ${settingsText({ params, by })}`),
  'share/forgotten': (params, by) => caution(`… ${forgottenText({ params, by })}`),
  'thread/archived': () => quiet('– the thread was archived'),
  'thread/unarchived': () => quiet('– the thread was taken out of the archive'),
  'thread/deleted': () => caution('– the thread was deleted'),
  'thread/reverted': () => caution('– the thread was taken back to an earlier point'),
}

export function isNotice(method: ShownMethod): method is NoticeMethod {
  return Object.hasOwn(notices, method)
}

/** The notice, or undefined when this one has nothing to tell (a thread that just became idle, for one). */
export function noticeOf(method: NoticeMethod, { params, by }: Pick<ShareEvent, 'params' | 'by'>): Notice | undefined {
  return notices[method](params, by)
}

/** The reason an `error` notification gives. */
export function errorReason(params: Params): string {
  return visibleText(textOf(objectOf(params.error).message))
}

function statusNotice(status: Params): Notice | undefined {
  const flags = listOf(status.activeFlags)
  if (flags.includes('waitingOnApproval')) return caution('⏸ waiting for an approval')
  if (flags.includes('waitingOnUserInput')) return caution('⏸ waiting for an answer to a question')
  return undefined // Also for `systemError`: the `error` that comes with it says what it was.
}

const notice = (look: Look) => (text: string) => ({ look, text: visibleText(text) })
const bad = notice('bad')
const caution = notice('caution')
const quiet = notice('quiet')
