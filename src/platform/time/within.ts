/** Waits with an end: whether something is so, or is done, within so many milliseconds in which this process could run. */
import { setTimeout as delay } from 'node:timers/promises'
import { awakeMs, awakeTimeout } from './awake-clock.ts'

/** Asks until the answer is yes. It is asked once more when the time is over. */
export async function isSoWithin(ms: number, isSo: () => boolean | Promise<boolean>, everyMs = 20): Promise<boolean> {
  const deadline = awakeMs() + ms
  while (!(await isSo())) {
    if (awakeMs() > deadline) return false
    await delay(everyMs)
  }
  return true
}

/** False when it is not done by then, and goes on. What it rejects with is thrown. Waiting for it does not keep the process. */
export async function isDoneWithin(ms: number, work: Promise<unknown> | undefined): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>()
  const timeout = awakeTimeout(() => resolve(false), ms).unref()
  return await Promise.race([Promise.resolve(work).then(() => true), late]).finally(() => timeout.clear())
}
