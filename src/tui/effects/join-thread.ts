/** The second action of `/share`: goes into a thread that is shared, or that Codex knows and is opened by this. */
import { openThreadMs } from '../../client/resolve-thread.ts'
import { ShareError } from '../../protocol/errors.ts'
import type { ShareEvent } from '../../protocol/events.ts'
import type { BlockBody } from '../state/transcript/block.ts'
import { readRecent } from './read-recent.ts'
import { startSharing } from './share-thread.ts'
import { showSharedThread } from './show-shared-thread.ts'
import { openLink, showHint, type UiContext, whileTrying } from './ui-context.ts'

interface JoinOptions {
  /** An id, the beginning of one, a name, or `last`. */
  readonly reference: string
  /** Id of the event that the person saw last, where that is known. */
  readonly seen?: number
}

const joinAgain = '`/share` → Join, with its id, shares it again.'

/** @throws ShareError `notFound` and nothing is changed; `unavailable` without a daemon */
export async function joinThread(ui: UiContext, { reference, seen }: JoinOptions): Promise<void> {
  const { session } = ui.store.state
  if (session.turn !== null && session.mode === 'LOCAL')
    return showHint(ui, 'a turn is running: wait for its end, or interrupt it with Esc, then join')
  if (session.mode === 'LOCAL' && session.threadId === reference) return startSharing(ui)
  await whileTrying(ui, 'joining…', async (stop) => {
    const { signal } = stop
    const link = openLink(ui, { signal })
    try {
      const client = await link.client()
      // Coming back is no wish to share it again, where others have stopped that.
      const asked = { thread: reference, stopped: seen !== undefined }
      const { thread, opened } = await client.call('share/resolve', asked, { timeoutMs: openThreadMs, signal })
      if (opened === 'stopped') throw new ShareError('notFound', 'its sharing was stopped', { hint: joinAgain })
      if (isHere(ui, thread.threadId)) {
        stop.abort()
        link.close()
        return showHint(ui, 'you are in this session')
      }
      const { events, isAll } = await readRecent(client, thread.threadId, seen, signal)
      const head: BlockBody[] = [
        {
          kind: 'notice',
          look: 'good',
          text: `\n● joined shared session ${thread.threadId}${howJoined(opened, seen)}`,
        },
        ...(isAll ? [] : [earlierNotice(events)]),
      ]
      await showSharedThread(ui, { link, stop, thread, recent: events, head })
    } catch (error) {
      stop.abort()
      link.close()
      throw error
    }
  })
}

function howJoined(opened: 'existing' | 'already', seen: number | undefined): string {
  const where = seen === undefined ? '' : ', where you left it'
  return opened === 'existing' ? `${where}, which shares it from now on` : where
}

function isHere({ store }: UiContext, threadId: string): boolean {
  const { mode, threadId: here, connection } = store.state.session
  return mode === 'SHARED' && here === threadId && connection.state === 'open'
}

function earlierNotice([first]: readonly ShareEvent[]): BlockBody {
  return { kind: 'notice', look: 'quiet', text: `… what came before event ${first?.id ?? 1} is shown by /history` }
}
