/** Opens the UI's first session: the thread that was asked for, the shared one it was left in, or a new private one. */
import { endpointName } from '../../client/connection/endpoint.ts'
import { probeSocket } from '../../client/connection/probe-socket.ts'
import type { SavedUi } from '../../platform/state-file.ts'
import { asShareError } from '../../protocol/errors.ts'
import { shortThreadId } from '../state/session.ts'
import { joinThread } from './join-thread.ts'
import { showLocalThread, showNoThread } from './show-local-thread.ts'
import { showFailure, type UiContext } from './ui-context.ts'

export interface FirstWish {
  /** From `--thread`. */
  readonly thread: string | undefined
  /** `--local`: not back into a shared thread, but on with the last private one. */
  readonly local: boolean
  /** `--new`: a new private thread, whatever was before. */
  readonly fresh: boolean
}

/** Never throws: what goes wrong is shown, and a private thread is opened instead. */
export async function openFirstSession(ui: UiContext, wish: FirstWish, saved: SavedUi | undefined): Promise<void> {
  const { store } = ui
  const showOpening = (what: string) =>
    store.dispatch({ type: 'session', session: { connection: { state: 'opening', what } } })
  if (wish.thread !== undefined) {
    showOpening('joining')
    if (await attempt(ui, 'not joined', () => joinThread(ui, { reference: wish.thread ?? '' }))) return
  } else if (!wish.fresh && !wish.local && saved && wasLeftShared(ui, saved)) {
    showOpening('coming back')
    const what = `you were in shared session ${saved.threadId}, and it could not be opened again (/share → Join tries once more)`
    if (await attempt(ui, what, () => joinThread(ui, { reference: saved.threadId ?? '', seen: saved.eventId }))) return
  } else if (wish.local && saved?.mode === 'LOCAL' && saved.threadId !== null) {
    const { threadId } = saved
    showOpening('opening')
    const what = `your private thread ${shortThreadId(threadId)} could not be opened again`
    if (await attempt(ui, what, () => showLocalThread(ui, { kind: 'resume', threadId, silent: false }))) return
  }
  showOpening('starting Codex')
  try {
    await showLocalThread(ui, { kind: 'new' })
    await noteUnreachable(ui)
  } catch (error) {
    showFailure(ui, 'there is no private session', error)
    showNoThread(ui, asShareError(error).message, null)
  }
}

/** Of a socket that was named: one's own daemon is started when it is needed, and another machine might ask for a password. */
async function noteUnreachable({ store, endpoint }: UiContext): Promise<void> {
  if (endpoint.kind !== 'given') return
  const probe = await probeSocket(endpoint.path)
  if (probe.state === 'open') return probe.channel.close()
  const text = `– ${endpointName(endpoint)} does not answer now: this session is private, and /share tries it again`
  store.dispatch({ type: 'say', blocks: [{ kind: 'notice', look: 'quiet', text }] })
}

/** Into the same thread only where the same daemon is meant. */
function wasLeftShared({ endpoint }: UiContext, { mode, threadId, endpoint: was }: SavedUi): boolean {
  return (
    mode === 'SHARED' &&
    threadId !== null &&
    (was === endpointName(endpoint) || (was === null && endpoint.kind === 'own'))
  )
}

async function attempt(ui: UiContext, what: string, work: () => Promise<void>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    showFailure(ui, what, error)
    return false
  }
}
