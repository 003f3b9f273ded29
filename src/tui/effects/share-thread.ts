/** The first action of `/share`: hands the private thread over to the daemon, or opens one again whose sharing has ended. */
import type { DaemonClient } from '../../client/connection/daemon-client.ts'
import { serverFlag } from '../../client/connection/endpoint.ts'
import { readEvents } from '../../client/following/read-events.ts'
import { openThreadMs } from '../../client/resolve-thread.ts'
import { asShareError } from '../../protocol/errors.ts'
import type { SharedThread } from '../../protocol/methods.ts'
import { shortThreadId } from '../state/session.ts'
import type { BlockBody } from '../state/transcript/block.ts'
import { showLocalThread, showNoThread } from './show-local-thread.ts'
import { showSharedThread } from './show-shared-thread.ts'
import { openLink, showFailure, showHint, type UiContext, whileTrying } from './ui-context.ts'

/** Events; the rest comes as it is followed. */
const firstMissed = 1000

export async function startSharing(ui: UiContext): Promise<void> {
  const { store } = ui
  const { mode, turn, threadId, readOnly, connection } = store.state.session
  if (mode === 'SHARED' && threadId !== null && connection.state === 'failed') return shareAgain(ui, threadId)
  if (mode === 'SHARED') return showHint(ui, `already sharing ${shortThreadId(threadId)}`)
  if (readOnly) return showHint(ui, 'this UI is read-only: it can join a shared session, not start one')
  const { submission } = store.state
  if (turn !== null || (submission !== null && submission.state !== 'unknown'))
    return showHint(ui, 'a turn is running: wait for its end, or interrupt it with Esc, then share')
  await whileTrying(ui, 'starting to share…', async (stop) => {
    const { signal } = stop
    const link = openLink(ui, { signal, toAct: 'sharing' })
    let handedOver = false
    try {
      // First everything that can fail without touching the private thread: the daemon, and then its Codex.
      const client = await link.client()
      await client.forward('thread/loaded/list', {}, { timeoutMs: openThreadMs, signal })
      signal.throwIfAborted()
      // From here on it is too late to give up: nobody would know who has the thread then.
      ui.doing = undefined
      const known = ui.current?.isStored === true ? ui.current.threadId : undefined
      // Its app-server must be gone before another may write to the thread.
      await ui.current?.close()
      handedOver = true
      const thread = await openForSharing(client, ui, known)
      await showSharedThread(ui, { link, stop, thread, recent: [], head: sharedHead(ui, thread) })
    } catch (error) {
      stop.abort()
      link.close()
      if (handedOver) await reopenLocalThread(ui)
      showFailure(ui, 'not shared', error)
    }
  })
}

/** Sharing of the open thread has ended while it was followed: continues behind what is on the screen. */
async function shareAgain(ui: UiContext, threadId: string): Promise<void> {
  const after = ui.store.state.transcript.lastId
  await whileTrying(ui, 'starting to share again…', async (stop) => {
    const { signal } = stop
    const link = openLink(ui, { signal, toAct: 'sharing' })
    try {
      const client = await link.client()
      const { thread } = await client.call('share/resolve', { thread: threadId }, { timeoutMs: openThreadMs, signal })
      const { events } = await readEvents({ client, threadId, after, limit: firstMissed, signal })
      await showSharedThread(ui, { link, stop, thread, recent: events, head: sharedHead(ui, thread) })
    } catch (error) {
      stop.abort()
      link.close()
      showFailure(ui, 'not shared', error)
    }
  })
}

async function openForSharing(
  client: DaemonClient,
  { cwd, store }: UiContext,
  threadId: string | undefined,
): Promise<SharedThread> {
  const submitted = [...store.state.transcript.ownRequests]
  const what = threadId === undefined ? { cwd } : { threadId, submitted }
  const { thread } = await client.call('share/open', what, { timeoutMs: openThreadMs })
  return thread
}

function sharedHead({ endpoint }: UiContext, { threadId }: SharedThread): BlockBody[] {
  // On a line of its own, to be copied whole.
  const post = `codex-share post --thread ${threadId} --prompt "…"${serverFlag(endpoint)}`
  return [{ kind: 'notice', look: 'good', text: `\n● shared as ${threadId}\n  Others post into it with\n  ${post}` }]
}

/** The private thread as it was before the hand-over was tried. */
async function reopenLocalThread(ui: UiContext): Promise<void> {
  const { current } = ui
  try {
    const { threadId } = current ?? {}
    if (current?.isStored && threadId) await showLocalThread(ui, { kind: 'resume', threadId, silent: true })
    else await showLocalThread(ui, { kind: 'new' })
  } catch (error) {
    showFailure(ui, 'your private thread could not be opened again, and your next prompt tries once more', error)
    showNoThread(ui, asShareError(error).message, current?.isStored ? current.threadId : null)
  }
}
