/** Has the daemon put another app-server in the place of the one that runs, and says for which turns that waits. */
import * as v from 'valibot'
import { isShareError, ShareError } from '../../protocol/errors.ts'
import { type ActiveTurn, daemonNotifications } from '../../protocol/methods.ts'
import type { DaemonClient } from '../connection/daemon-client.ts'

export interface MoveAppServerOptions {
  /** Milliseconds; then all is left as it is. */
  readonly timeoutMs: number
  readonly onWait: (turns: readonly ActiveTurn[]) => void
}

/** @throws ShareError `timedOut` while turns run; `unavailable` when there is no Codex to be started, or the next did not start */
export async function moveAppServer(client: DaemonClient, { timeoutMs, onWait }: MoveAppServerOptions): Promise<void> {
  const stop = client.listen({
    onNotification: (method, params) => {
      const { success, output } = v.safeParse(daemonNotifications['share/moveWaits'], params)
      if (method === 'share/moveWaits' && success) onWait(output.turns)
    },
  })
  try {
    await client.call('share/moveAppServer', {}, { timeoutMs })
  } catch (error) {
    if (!isShareError(error, 'timedOut')) throw error
    throw new ShareError('timedOut', 'the app-server was not replaced: turns were running all the time', {
      cause: error,
      hint: 'Nothing has changed. Try again with a longer --timeout, or end the turns with `codex-share interrupt`.',
    })
  } finally {
    stop()
  }
}
