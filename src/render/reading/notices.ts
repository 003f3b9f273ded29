/** Readings of the notifications that are said in one line: errors, warnings, waiting, and what happens to the thread itself. */
import type { ShareEvent } from '../../protocol/events.ts'
import { listOf, objectOf, textOf } from '../../protocol/json/read-json.ts'
import { visibleText } from '../../protocol/text/visible-text.ts'
import type { Look } from '../terminal/theme.ts'
import type { Notice, ReadableEvent } from './readable-event.ts'

type Words = (event: ShareEvent) => string

export const quiet = notice('quiet')
export const caution = notice('caution')
/** One that Codex repeats. */
export const warning = notice('caution', true)

function notice(look: Look, once = false) {
  return (words: Words) =>
    (event: ShareEvent): Notice => ({ kind: 'notice', look, text: visibleText(words(event)), once })
}

/**
 * `said` are the notices that are said once and were said already. Returns them with this one, or null where it is one of them and is
 * not said again; one that can be said any number of times leaves them as they are.
 */
export function rememberNotice(said: readonly string[], { once, text }: Notice): readonly string[] | null {
  if (!once) return said
  return said.includes(text) ? null : [...said, text]
}

export function readError({ params }: ShareEvent): ReadableEvent {
  const reason = visibleText(textOf(objectOf(params.error).message))
  const willRetry = params.willRetry === true
  return { kind: 'error', text: `✖ ${reason}${willRetry ? ' (trying again)' : ''}`, reason, willRetry }
}

/** `systemError` says nothing either: the `error` that comes with it has the reason. */
export function readThreadStatus(event: ShareEvent): ReadableEvent {
  const flags = listOf(objectOf(event.params.status).activeFlags)
  if (flags.includes('waitingOnApproval')) return caution(() => '⏸ waiting for an approval')(event)
  if (flags.includes('waitingOnUserInput')) return caution(() => '⏸ waiting for an answer to a question')(event)
  return { kind: 'leftOut', reason: 'nobody is waited for' }
}
