/** Notices a daemon that hangs or sleeps: its socket stays open, and nothing comes out of it any more. */
import type { DaemonClient } from '../../client/connection/daemon-client.ts'
import { awakeDelay } from '../../platform/time/awake-clock.ts'
import { untilAborted } from '../../platform/time/until-aborted.ts'
import { ShareError } from '../../protocol/errors.ts'

export interface PulseOptions {
  readonly client: Pick<DaemonClient, 'call' | 'closed' | 'listen'>
  readonly threadId: string
  readonly signal: AbortSignal
  /** Milliseconds between two questions, and for an answer. */
  readonly everyMs?: number
  /** Nothing was heard since this time, in milliseconds since 1970. */
  readonly onSilent: (since: number) => void
  /** It is heard again. */
  readonly onHeard: () => void
}

/** Goes on until the connection is closed or the signal fires. */
export async function watchPulse(options: PulseOptions): Promise<void> {
  const { client, threadId, signal, everyMs = 5000, onSilent, onHeard } = options
  let isHeard = false
  let isSilent = false
  const noteAlive = () => {
    isHeard = true
    if (isSilent) onHeard()
    isSilent = false
  }
  // Over a slow line the answer may be queued behind much else, which says as well that somebody is there.
  const stopListening = client.listen({ onEvent: noteAlive, onNotification: noteAlive })
  while (!client.closed && !signal.aborted) {
    const askedAt = Date.now()
    isHeard = false
    try {
      await client.call('share/who', { threadId }, { timeoutMs: everyMs })
      noteAlive()
    } catch (error) {
      const isUnanswered = error instanceof ShareError && error.errorName === 'timedOut'
      if (isUnanswered && !isHeard && !isSilent && !signal.aborted) {
        isSilent = true
        onSilent(askedAt)
      }
    }
    // Asked again at once while it is silent, so that its return is seen at once.
    if (!isSilent) await untilAborted(awakeDelay(everyMs, { ref: false }), signal).catch(() => {}) // The thread is left: over.
  }
  stopListening()
}
