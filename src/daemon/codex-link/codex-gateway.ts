/** The daemon's way to Codex: the link while there is one, and waiting for it while there is none. */
import { setTimeout as delay } from 'node:timers/promises'
import type { AppServerLink } from '../../codex/link/app-server-link.ts'
import type { Supervisor } from '../../codex/supervision/app-server-supervisor.ts'
import type { ThreadRouter } from '../../codex/supervision/thread-router.ts'
import { awakeMs, awakeTimeout } from '../../platform/time/awake-clock.ts'
import { ShareError } from '../../protocol/errors.ts'
import { DrainingError } from './translate-upstream-error.ts'

/** How long where it has failed so often that it is rarely tried any more. */
const degradedMs = 5000

type LinkSource = Pick<
  Supervisor,
  'link' | 'state' | 'problem' | 'failures' | 'hindrance' | 'noteDraining' | 'retryNow'
>

/** Until the supervisor is there; requests wait for it as for an app-server that starts. */
const notStarted: LinkSource = {
  link: undefined,
  state: 'connecting',
  problem: null,
  failures: 0,
  hindrance: null,
  noteDraining: () => {},
  retryNow: () => {},
}

export class CodexGateway {
  private supervisor = notStarted
  private readonly router: ThreadRouter
  private readonly readyMs: number
  private readonly waiting = new Set<() => void>()

  /** `readyMs`: how many milliseconds a request waits for an app-server that is on its way. */
  constructor(router: ThreadRouter, readyMs = 15_000) {
    this.router = router
    this.readyMs = readyMs
  }

  /** From now on its links are the ones; to be called once. */
  start(supervisor: LinkSource): void {
    this.supervisor = supervisor
    this.wake()
  }

  /** Whether the thread is reached in the user's Codex server, where prompts go past the daemon. */
  isInUserServer(threadId: string): boolean {
    return this.router.isInUserServer(threadId)
  }

  /** To be done before something happens in the thread: where the user's Codex server had it open and has gone, it is ours now. */
  takeBack(threadId: string): Promise<void> {
    return this.router.takeBack(threadId)
  }

  /** The link, if there is one at this moment. */
  get current(): AppServerLink | undefined {
    const { link } = this.supervisor
    return link && this.router.route(link)
  }

  /** To be called when the link came up or was given up for now. */
  wake(): void {
    for (const wake of this.waiting) wake()
  }

  /**
   * The link, waiting for it while the app-server starts. What is about a thread goes to the server that has it open.
   *
   * @throws ShareError `unavailable` with `facts.sent` false and what is the matter.
   */
  async link(signal?: AbortSignal): Promise<AppServerLink> {
    const deadline = awakeMs() + this.readyMs
    const failuresBefore = this.supervisor.failures
    for (;;) {
      const { link, state, problem, failures } = this.supervisor
      if (link) return this.router.route(link)
      const left = deadline - awakeMs()
      // Each request has one more try made, and takes its failure for the answer.
      const isAnswered = failures > failuresBefore || left < this.readyMs - degradedMs
      if (left <= 0 || (state === 'degraded' && isAnswered)) throw unavailable(problem)
      if (state === 'degraded') this.supervisor.retryNow()
      await this.change(left, signal)
      if (signal?.aborted) throw new ShareError('cancelled', 'cancelled while waiting for the Codex app-server')
    }
  }

  /**
   * Does something on the link, and again on the next one when the link ends under it: for what may be done twice.
   *
   * @throws as `link`, and what `work` throws
   */
  onAnyLink<T>(work: (link: AppServerLink) => Promise<T>): Promise<T> {
    return this.again(async () => work(await this.link()), isLost)
  }

  /**
   * Does something that must not be done twice, and again where the link had ended before anything was sent, or the app-server takes
   * nothing new.
   *
   * @throws what `work` throws
   */
  untilSent<T>(work: () => Promise<T>): Promise<T> {
    return this.again(work, isUnsent)
  }

  private async again<T>(work: () => Promise<T>, mayRepeat: (error: unknown) => boolean): Promise<T> {
    const deadline = awakeMs() + this.readyMs
    for (;;) {
      try {
        return await work()
      } catch (error) {
        const drains = error instanceof DrainingError
        if (drains) this.supervisor.noteDraining()
        const left = deadline - awakeMs()
        if (!(drains || mayRepeat(error)) || left <= 0) throw error
        // The supervisor hears of the end at the same moment; until then this link is still the one.
        if (drains) await this.change(left)
        else await delay(10)
      }
    }
  }

  /** @throws ShareError `unavailable` when no turn can run although Codex is there, as when it is not logged in. */
  requireAbleToRun(): void {
    const { hindrance } = this.supervisor
    if (hindrance !== null) throw new ShareError('unavailable', hindrance, { facts: { sent: false }, hint: '' })
  }

  /** Waits for news from the supervisor, at most this long. */
  private change(timeoutMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        timer.clear()
        this.waiting.delete(done)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      const timer = awakeTimeout(done, timeoutMs)
      this.waiting.add(done)
      signal?.addEventListener('abort', done)
    })
  }
}

function isLost(error: unknown): error is ShareError {
  return error instanceof ShareError && error.errorName === 'connectionLost'
}

/** The link had ended before anything went over it. */
export function isUnsent(error: unknown): boolean {
  return isLost(error) && error.facts.sent === false
}

function unavailable(problem: string | null | undefined): ShareError {
  const message = problem ?? 'it did not come up in time'
  return new ShareError('unavailable', `the Codex app-server is not available: ${message}`, { facts: { sent: false } })
}
