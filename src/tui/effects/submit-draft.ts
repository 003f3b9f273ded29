/** Sends a prompt once: refused ones come back into the composer, and one of unknown fate keeps its request id. */
import * as v from 'valibot'
import { asShareError, type ErrorName, ShareError } from '../../protocol/errors.ts'
import { activeTurnSchema } from '../../protocol/methods.ts'
import { newRequestId } from '../session/shared-session.ts'
import type { IfTurnRuns } from '../session/thread-session.ts'
import type { Mode } from '../state/session.ts'
import { showLocalThread } from './show-local-thread.ts'
import { showFailure, showHint, type UiContext } from './ui-context.ts'

export async function submitDraft(ui: UiContext, text: string, ifTurnRuns: IfTurnRuns = 'refuse'): Promise<void> {
  const { store } = ui
  const before = store.state.submission
  // The same text after an unknown outcome is the same prompt: with its old id it cannot run twice.
  const requestId = before?.text === text ? before.requestId : newRequestId()
  const waiting = new AbortController()
  ui.waiting = waiting
  const state = ifTurnRuns === 'wait' ? 'waiting' : 'sending'
  store.dispatch({ type: 'submitting', submission: { requestId, text, state } })
  try {
    await reopenWhenGone(ui)
    if (!ui.current) throw new ShareError('notFound', 'no thread is open', { hint: '/new starts one.' })
    await ui.current.submit({ text, requestId, ifTurnRuns, signal: waiting.signal })
    store.dispatch({ type: 'submitted', submission: null })
  } catch (error) {
    onNotTaken(ui, { text, requestId, wasWaiting: waiting.signal.aborted }, error)
  }
}

const unknownFates: ReadonlySet<ErrorName> = new Set(['connectionLost', 'timedOut'])

interface NotTaken {
  readonly text: string
  readonly requestId: string
  readonly wasWaiting: boolean
}

function onNotTaken(ui: UiContext, { text, requestId, wasWaiting }: NotTaken, error: unknown): void {
  const { store } = ui
  const failure = asShareError(error)
  // No answer in time leaves it open as well: a daemon that hung, or slept, has the prompt and may yet take it. So does taking it back,
  // which may come just behind the sending.
  const isUnknown = wasWaiting || (unknownFates.has(failure.errorName) && failure.facts.sent !== false)
  store.dispatch({ type: 'submitted', submission: isUnknown ? { requestId, text, state: 'unknown' } : null })
  if (failure.errorName === 'busy') {
    const { success, output } = v.safeParse(activeTurnSchema, failure.facts)
    const turn = success ? output : null
    store.dispatch({ type: 'overlay', overlay: { kind: 'busy', prompt: text, turn, selected: 0 } })
    return
  }
  if (wasWaiting) showHint(ui, 'your prompt is back here')
  else showFailure(ui, isUnknown ? unknownFate(store.state.session.mode) : 'not sent', error)
  store.dispatch({ type: 'giveBack', text })
}

/** Only the daemon knows a prompt again. */
function unknownFate(mode: Mode): string {
  return `it is not known whether your prompt was taken${mode === 'SHARED' ? '; sending it again is safe' : ''}`
}

/** The private app-server ended by itself, or lacked a login when it started: it is started again, on the same thread, for a prompt. */
async function reopenWhenGone(ui: UiContext): Promise<void> {
  const { mode, connection, threadId } = ui.store.state.session
  const isHindered = (ui.current?.hindrance ?? null) !== null
  if (mode !== 'LOCAL' || (connection.state !== 'failed' && !isHindered)) return
  const stored = ui.current?.isStored === true && threadId !== null
  await showLocalThread(
    ui,
    stored ? { kind: 'resume', threadId, silent: true } : { kind: 'new', silent: ui.current !== undefined },
  )
}
