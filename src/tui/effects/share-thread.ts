/** The first and the third action of `/share`: hands the private thread over to the daemon, and goes on in a private copy. */
import type { DaemonClient } from '../../client/daemon-client.ts'
import { asShareError } from '../../protocol/errors.ts'
import type { SharedThread } from '../../protocol/methods.ts'
import type { BlockBody } from '../state/block.ts'
import { shortThreadId } from '../state/session.ts'
import { type Desk, openLink, sayFailure, whileDoing, whileTrying } from './desk.ts'
import { goLocal, withoutThread } from './go-local.ts'
import { goShared } from './go-shared.ts'

/** Codex may have to read a long thread before it is opened. */
const openMs = 90_000

export async function startSharing(desk: Desk): Promise<void> {
  const { store } = desk
  const { mode, turn, threadId, readOnly } = store.state.session
  if (mode === 'SHARED') return hint(desk, `already sharing ${shortThreadId(threadId)}`)
  if (readOnly) return hint(desk, 'this UI is read-only: it can join a shared session, not start one')
  if (turn !== null || store.state.submission !== null)
    return hint(desk, 'a turn is running: wait for its end, or interrupt it with Esc, then share')
  await whileTrying(desk, 'starting to share…', async (stop) => {
    const { signal } = stop
    const link = openLink(desk, signal)
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
      await goShared(desk, { link, stop, thread, recent: [], head: sharedHead(thread) })
    } catch (error) {
      stop.abort()
      link.close()
      if (handedOver) await comeBack(desk)
      sayFailure(desk, 'not shared', error)
    }
  })
}

export async function stopSharing(desk: Desk): Promise<void> {
  const { mode, threadId } = desk.store.state.session
  if (mode === 'LOCAL' || threadId === null) return hint(desk, 'nothing is shared here')
  await whileDoing(desk, 'going on privately…', async () => {
    const head = (copied: boolean): BlockBody[] => [
      {
        kind: 'notice',
        look: 'caution',
        text: `\n■ stopped sharing. Thread ${threadId} stays open for the others; here you go on privately${copied ? ' in a copy of it' : ' in a new thread'}.`,
      },
    ]
    try {
      await goLocal(desk, { kind: 'fork', threadId }, head(true))
    } catch (error) {
      // A thread in which nothing was said has nothing to copy; if Codex itself is missing, this fails as well and we stay.
      await goLocal(desk, { kind: 'new' }, head(false)).catch(() => sayFailure(desk, 'still sharing', error))
    }
  })
}

async function openForSharing(
  client: DaemonClient,
  { cwd }: Desk,
  threadId: string | undefined,
): Promise<SharedThread> {
  const what = threadId === undefined ? { cwd } : { threadId }
  const { thread } = await client.call('share/open', what, { timeoutMs: openMs })
  return thread
}

function sharedHead({ threadId }: SharedThread): BlockBody[] {
  // On a line of its own, to be copied whole.
  const post = `codex-share post --thread ${threadId} --prompt "…"`
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
