/** Waits until no turn is known to run in the open thread, or it is time to look again. */
import { setTimeout as delay } from 'node:timers/promises'
import type { UiStore } from '../state/store.ts'

/** A slot can also become free, or be taken, without the news of a turn. */
const lookAgainMs = 2000
/** Between two looks in any case: who holds the slot may not have been heard of yet. */
const pauseMs = 100

/** @throws the signal's reason when it fires */
export async function untilIdle(store: UiStore, signal: AbortSignal | undefined): Promise<void> {
  const over = new AbortController()
  const stopListening = store.subscribe(() => {
    if (store.state.session.turn === null) over.abort()
  })
  const either = signal ? AbortSignal.any([signal, over.signal]) : over.signal
  const isRunning = store.state.session.turn !== null
  await delay(isRunning ? lookAgainMs : pauseMs, undefined, { signal: either }).catch(() => {}) // Its end is what is waited for.
  stopListening()
  signal?.throwIfAborted()
}
