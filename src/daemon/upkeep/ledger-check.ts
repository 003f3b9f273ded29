/** Has every page of the ledger read once after a crash of the machine, or at a sign of damage, while nothing else is to be done. */
import type { Soundness } from '../../ledger/soundness.ts'
import type { Logger } from '../../platform/logging/log.ts'
import type { DaemonStatus } from '../../protocol/status.ts'
import type { ExaminationResult } from './examine-in-a-process.ts'

export interface LedgerCheckOptions {
  readonly soundness: Soundness
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>
  /** Whether nobody waits for a turn. */
  readonly isIdle: () => boolean
  /** Reads the pages without holding up this process; ends at once when it is aborted. */
  readonly examine: (signal: AbortSignal) => Promise<ExaminationResult>
  /** Milliseconds without a turn before it begins. */
  readonly restMs?: number
  readonly lookEveryMs?: number
}

/** Until there is room for a copy, or the ledger is written less. */
const againMs = 10 * 60_000

export class LedgerCheck {
  private readonly options: LedgerCheckOptions
  private timer: NodeJS.Timeout | undefined
  private running: AbortController | undefined
  private idleSince = performance.now()
  private notBefore = 0
  private skipped: string | null = null

  constructor(options: LedgerCheckOptions) {
    this.options = options
    options.soundness.onDue = () => this.wake()
    if (options.soundness.checkIsDue) this.wake()
  }

  get state(): NonNullable<DaemonStatus['ledger']['checked']> {
    const { checkIsDue, damage, checkedAt: at } = this.options.soundness
    if (checkIsDue) return { state: this.running ? 'running' : 'due', at, why: this.skipped }
    if (damage !== null) return { state: 'damaged', at, why: damage }
    return { state: at === null ? 'none' : 'whole', at, why: null }
  }

  /** What people are to know, or null. */
  get problem(): string | null {
    const { damage } = this.options.soundness
    return damage === null ? null : `it is damaged (${damage}): \`codex-share daemon restart --check-ledger\` mends it`
  }

  close(): void {
    clearInterval(this.timer)
    this.timer = undefined
    this.running?.abort()
    this.options.soundness.onDue = undefined
  }

  private wake(): void {
    this.timer ??= setInterval(() => this.look(), this.options.lookEveryMs ?? 500).unref()
  }

  private look(): void {
    const { isIdle, restMs = 3000 } = this.options
    const now = performance.now()
    if (!isIdle()) {
      this.idleSince = now
      this.running?.abort()
    } else if (!this.running && now >= this.notBefore && now - this.idleSince >= restMs) void this.run()
  }

  private async run(): Promise<void> {
    const { log, examine } = this.options
    const running = new AbortController()
    this.running = running
    try {
      const examined = await examine(running.signal)
      if (!running.signal.aborted) this.conclude(examined)
    } catch (error) {
      if (running.signal.aborted) return
      this.putOff('the check failed')
      log.warn({ err: error }, 'the ledger could not be checked')
    } finally {
      this.running = undefined
    }
  }

  private putOff(why: string): void {
    this.skipped = why
    this.notBefore = performance.now() + againMs
  }

  private conclude(examined: ExaminationResult): void {
    const { log, soundness } = this.options
    if (examined.state === 'unknown') {
      this.putOff(examined.why)
      log.warn({ why: examined.why, fix: examined.fix }, 'the ledger was not checked')
      return
    }
    clearInterval(this.timer)
    this.timer = undefined
    this.skipped = null
    soundness.onChecked(examined.state === 'damaged' ? examined.found : null)
    if (examined.state === 'whole') log.info('the ledger was checked: every page of it is whole')
    else
      log.error(
        { found: examined.found },
        'the ledger is damaged: `codex-share daemon restart --check-ledger` mends it',
      )
  }
}
