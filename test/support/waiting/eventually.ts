/** Waiting for a condition, never for a time. */
import { setTimeout as delay } from 'node:timers/promises'

/** Asking can mean starting a program: more often, and it takes the processor from what is waited for. */
const longestPauseMs = 40

/** Asks until the answer is neither undefined, null nor false, and returns it; fails with `what` after `timeoutMs`. */
export async function eventually<T>(
  what: string,
  ask: () => T | Promise<T>,
  timeoutMs = 25_000,
): Promise<NonNullable<Exclude<T, false>>> {
  const deadline = Date.now() + timeoutMs
  for (let pauseMs = 2; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const answer = await ask()
    if (answer !== undefined && answer !== null && answer !== false) return answer as NonNullable<Exclude<T, false>>
    if (Date.now() > deadline) throw new Error(`it did not happen within ${timeoutMs / 1000} s: ${what}`)
    await delay(pauseMs)
  }
}
