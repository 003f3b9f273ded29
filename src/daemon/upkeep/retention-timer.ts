/** Applies the retention rule now and then, in slices of some milliseconds, so that nobody waits for it. */
import type { Ledger } from '../../ledger/ledger.ts'
import type { RetentionRule } from '../../ledger/retention/retention.ts'
import type { Logger } from '../../platform/logging/log.ts'
import { nodeTicks, type Ticks } from '../../platform/time/awake-clock.ts'

const firstMs = 1000
const everyMs = 15 * 60_000
/** A slice ends with the step in which it gets so long; the loop is everybody else's until the next. */
const [sliceMs, betweenSlicesMs] = [4, 12]

/** Starts pruning: a first pass soon, then one a quarter of an hour after the end of the last, until closed. */
export function startRetentionTimer(
  ledger: Pick<Ledger, 'retention' | 'former'>,
  rule: RetentionRule,
  log: Pick<Logger, 'debug' | 'warn'>,
  { nowMs, after }: Ticks = nodeTicks,
): { close(): void } {
  let timer: ReturnType<Ticks['after']>
  let pass: Generator<number, void> | undefined
  let dropped = 0
  const begin = () => {
    ledger.former.releaseInTime()
    dropped = 0
    return ledger.retention.pass(rule)
  }
  /** Returns whether the pass is over. */
  const slice = (): boolean => {
    pass ??= begin()
    for (const endMs = nowMs() + sliceMs; nowMs() < endMs; ) {
      const { done, value } = pass.next()
      if (done) return true
      dropped += value
    }
    return false
  }
  const onTime = () => {
    let isOver = true
    try {
      isOver = slice()
      if (isOver && dropped > 0) log.debug({ dropped }, 'old events were let go')
    } catch (error) {
      log.warn({ err: error }, 'old events could not be let go')
    }
    if (isOver) pass = undefined
    wait(isOver ? everyMs : betweenSlicesMs)
  }
  const wait = (ms: number) => {
    timer = after(onTime, ms)
    timer.unref()
  }
  wait(firstMs)
  return { close: () => timer.close() }
}
