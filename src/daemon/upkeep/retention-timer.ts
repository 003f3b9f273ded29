/** Applies the retention rule now and then, in small rounds, so that nobody waits for it. */
import type { Ledger } from '../../ledger/ledger.ts'
import type { RetentionRule } from '../../ledger/retention.ts'
import type { Logger } from '../../platform/logging/log.ts'

const everyMs = 15 * 60_000
const eventsPerRound = 2000
const betweenRoundsMs = 50

/** Starts pruning: a first round soon, then every quarter of an hour until closed. */
export function startRetentionTimer(
  ledger: Pick<Ledger, 'retention' | 'former'>,
  rule: RetentionRule,
  log: Logger,
): { close(): void } {
  let timer: NodeJS.Timeout
  const round = () => {
    let dropped = 0
    try {
      ledger.former.releaseInTime()
      dropped = ledger.retention.prune(rule, eventsPerRound)
      if (dropped > 0) log.debug({ dropped }, 'old events were let go')
    } catch (error) {
      log.warn({ err: error }, 'old events could not be let go')
    }
    timer = setTimeout(round, dropped > 0 ? betweenRoundsMs : everyMs).unref()
  }
  timer = setTimeout(round, 1000).unref()
  return { close: () => clearTimeout(timer) }
}
