/** The third action of `/share`: goes on in a private copy; the thread stays for the others. */
import type { BlockBody } from '../state/block.ts'
import { explainFailure } from './explain-failure.ts'
import { hint } from './share-thread.ts'
import { goLocal } from './show-local-thread.ts'
import { type Desk, sayFailure, whileDoing } from './ui-context.ts'

export async function stopSharing(desk: Desk): Promise<void> {
  const { mode, threadId, connection } = desk.store.state.session
  if (mode === 'LOCAL' || threadId === null) return hint(desk, 'nothing is shared here')
  await whileDoing(desk, 'going on privately…', async () => {
    const left =
      connection.state === 'failed' ? `no longer in thread ${threadId}` : `thread ${threadId} stays open for the others`
    const head = (where: string): BlockBody[] => [
      { kind: 'notice', look: 'caution', text: `\n■ stopped sharing: ${left}; here you go on privately ${where}.` },
    ]
    try {
      await goLocal(desk, { kind: 'fork', threadId }, head('in a copy of it'))
    } catch (error) {
      // A thread in which nothing was said has nothing to copy; if Codex itself is missing, this fails as well and we stay.
      const where = `in a new thread, as it could not be copied (${explainFailure(error).message})`
      await goLocal(desk, { kind: 'new' }, head(where)).catch(() => sayFailure(desk, 'still sharing', error))
    }
  })
}
