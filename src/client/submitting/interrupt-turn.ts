/** Ends the running turn of a thread, and waits until it has really ended. */
import { awakeDelay } from '../../platform/time/awake-clock.ts'
import { untilAborted } from '../../platform/time/until-aborted.ts'
import { isShareError } from '../../protocol/errors.ts'
import type { DaemonLink } from '../daemon-link.ts'
import { followTurn } from '../following/follow-turn.ts'

export interface InterruptTurnOptions {
  readonly link: DaemonLink
  readonly threadId: string
  readonly signal?: AbortSignal | undefined
}

export interface InterruptedTurn {
  readonly turnId: string
  /** How it ended: `interrupted`, or `completed` when it was faster. */
  readonly status: string
}

/** @returns undefined when no turn runs */
export async function interruptTurn({
  link,
  threadId,
  signal,
}: InterruptTurnOptions): Promise<InterruptedTurn | undefined> {
  for (;;) {
    const client = await untilAborted(link.client(), signal)
    const { thread } = await client.call('share/resolve', { thread: threadId, stopped: true }, signal ? { signal } : {})
    if (!thread.turn) return undefined
    const { turnId } = thread.turn
    if (turnId !== null) {
      await client.forward('turn/interrupt', { threadId, turnId }, signal ? { signal } : {}).catch((error: unknown) => {
        // Codex refuses when the turn has just ended by itself, and the ledger tells how.
        if (!isShareError(error, 'invalidRequest')) throw error
      })
      const { status } = await followTurn({ link, threadId, turnId, after: thread.head, until: 'ended', signal })
      return { turnId, status }
    }
    await untilAborted(awakeDelay(50), signal) // Admitted this moment, and not named by Codex yet.
  }
}
