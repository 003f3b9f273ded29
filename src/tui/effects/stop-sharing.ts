/** The third action of `/share`: continues in a private copy; the thread stays for the others. */
import type { BlockBody } from '../state/transcript/block.ts'
import { explainFailure } from './explain-failure.ts'
import { showLocalThread } from './show-local-thread.ts'
import { showFailure, showHint, type UiContext, whileDoing } from './ui-context.ts'

export async function stopSharing(ui: UiContext): Promise<void> {
  const { mode, threadId, connection } = ui.store.state.session
  if (mode === 'LOCAL' || threadId === null) return showHint(ui, 'nothing is shared here')
  await whileDoing(ui, 'going on privately…', async () => {
    const left =
      connection.state === 'failed' ? `no longer in thread ${threadId}` : `thread ${threadId} stays open for the others`
    const head = (where: string): BlockBody[] => [
      { kind: 'notice', look: 'caution', text: `\n■ stopped sharing: ${left}; here you go on privately ${where}.` },
    ]
    try {
      await showLocalThread(ui, { kind: 'fork', threadId }, head('in a copy of it'))
    } catch (error) {
      // A thread in which nothing was said has nothing to copy; if Codex itself is missing, this fails as well and we stay.
      const where = `in a new thread, as it could not be copied (${explainFailure(error).message})`
      await showLocalThread(ui, { kind: 'new' }, head(where)).catch(() => showFailure(ui, 'still sharing', error))
    }
  })
}
