/** Waits until the turn that runs in a thread is over, or it is time to look again. */
import { setTimeout as delay } from 'node:timers/promises'
import type { DaemonLink } from '../daemon-link.ts'
import { followThread } from '../following/follow-thread.ts'

export interface UntilTurnEndsOptions {
  readonly link: DaemonLink
  readonly threadId: string
  readonly signal?: AbortSignal | undefined
}

/** A slot can also become free without a turn ending in it, when Codex refused what was submitted. */
const lookAgainMs = 2000

/** @throws the signal's reason when it fires */
export async function untilTurnEnds({ link, threadId, signal }: UntilTurnEndsOptions): Promise<void> {
  const timer = AbortSignal.timeout(lookAgainMs)
  const either = signal ? AbortSignal.any([signal, timer]) : timer
  try {
    for await (const entries of followThread({ link, threadId, signal: either }))
      for (const entry of entries) {
        if (entry.kind === 'event' && entry.parse().method === 'turn/completed') return
        if (entry.kind === 'attached' && entry.turn === null) return await delay(50)
        if (entry.kind === 'closed') return
      }
  } catch (error) {
    signal?.throwIfAborted()
    if (!timer.aborted) throw error
  }
}
