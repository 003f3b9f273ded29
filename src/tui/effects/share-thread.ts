/** The first action of `/share`: hands the private thread over to the daemon, or opens one again whose sharing has ended. */
import type { DaemonClient } from '../../client/connection/daemon-client.ts'
import { serverFlag } from '../../client/connection/endpoint.ts'
import { readEvents } from '../../client/following/read-events.ts'
import { asShareError } from '../../protocol/errors.ts'
import type { SharedThread } from '../../protocol/methods.ts'
import type { BlockBody } from '../state/block.ts'
import { shortThreadId } from '../state/session.ts'
import { goLocal, withoutThread } from './show-local-thread.ts'
import { goShared } from './show-shared-thread.ts'
import { type Desk, openLink, sayFailure, whileTrying } from './ui-context.ts'

/** Codex may have to read a long thread before it is opened. */
const openMs = 90_000
/** Events; the rest comes as it is followed. */
const firstMissed = 1000

export async function startSharing(desk: Desk): Promise<void> {
  const { store } = desk
  const { mode, turn, threadId, readOnly, connection } = store.state.session
  if (mode === 'SHARED' && threadId !== null && connection.state === 'failed') return shareAgain(desk, threadId)
  if (mode === 'SHARED') return hint(desk, `already sharing ${shortThreadId(threadId)}`)
  if (readOnly) return hint(desk, 'this UI is read-only: it can join a shared session, not start one')
  const { submission } = store.state
  if (turn !== null || (submission !== null && submission.state !== 'unknown'))
    return hint(desk, 'a turn is running: wait for its end, or interrupt it with Esc, then share')
  await whileTrying(desk, 'starting to share…', async (stop) => {
    const { signal } = stop
    const link = openLink(desk, { signal, toAct: 'sharing' })
    let handedOver = false
    try {
      // First everything that can fail without touching the private thread: the daemon, and then its Codex.
      const client = await link.client()
      await client.forward('thread/loaded/list', {}, { timeoutMs: openMs, signal })
      signal.throwIfAborted()
      // From here on it is too late to give up: nobody could tell who has the thread then.
      desk.doing = undefined
      const known = desk.current?.isStored === true ? desk.current.threadId : undefined
      // Its app-server must be gone before another may write to the thread.
      await desk.current?.close()
      handedOver = true
      const thread = await openForSharing(client, desk, known)
      await goShared(desk, { link, stop, thread, recent: [], head: sharedHead(desk, thread) })
    } catch (error) {
      stop.abort()
      link.close()
      if (handedOver) await comeBack(desk)
      sayFailure(desk, 'not shared', error)
    }
  })
}

/** Sharing of the open thread has ended while it was followed: goes on behind what is on the screen. */
async function shareAgain(desk: Desk, threadId: string): Promise<void> {
  const after = desk.store.state.transcript.lastId
  await whileTrying(desk, 'starting to share again…', async (stop) => {
    const { signal } = stop
    const link = openLink(desk, { signal, toAct: 'sharing' })
    try {
      const client = await link.client()
      const { thread } = await client.call('share/resolve', { thread: threadId }, { timeoutMs: openMs, signal })
      const { events } = await readEvents({ client, threadId, after, limit: firstMissed, signal })
      await goShared(desk, { link, stop, thread, recent: events, head: sharedHead(desk, thread) })
    } catch (error) {
      stop.abort()
      link.close()
      sayFailure(desk, 'not shared', error)
    }
  })
}

async function openForSharing(
  client: DaemonClient,
  { cwd, store }: Desk,
  threadId: string | undefined,
): Promise<SharedThread> {
  const submitted = [...store.state.transcript.ownRequests]
  const what = threadId === undefined ? { cwd } : { threadId, submitted }
  const { thread } = await client.call('share/open', what, { timeoutMs: openMs })
  return thread
}

function sharedHead({ endpoint }: Desk, { threadId }: SharedThread): BlockBody[] {
  // On a line of its own, to be copied whole.
  const post = `codex-share post --thread ${threadId} --prompt "…"${serverFlag(endpoint)}`
  return [{ kind: 'notice', look: 'good', text: `\n● shared as ${threadId}\n  Others post into it with\n  ${post}` }]
}

/** The private thread as it was before the hand-over was tried. */
async function comeBack(desk: Desk): Promise<void> {
  const { current } = desk
  try {
    const { threadId } = current ?? {}
    if (current?.isStored && threadId) await goLocal(desk, { kind: 'resume', threadId, silent: true })
    else await goLocal(desk, { kind: 'new' })
  } catch (error) {
    sayFailure(desk, 'your private thread could not be opened again, and your next prompt tries once more', error)
    withoutThread(desk, asShareError(error).message, current?.isStored ? current.threadId : null)
  }
}

export function hint({ store }: Desk, text: string): void {
  store.dispatch({ type: 'hint', hint: text })
}
