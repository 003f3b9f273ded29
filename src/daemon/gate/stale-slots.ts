/** Frees a slot that is held by a turn whose end was not heard, or could not be read, once Codex says that its thread is idle. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '../../platform/log.ts'
import type { ThreadKeeper } from '../thread-keeper.ts'
import type { Upstream } from '../upstream.ts'
import type { TurnSlots } from './turn-slots.ts'

export interface StaleSlotsDeps {
  readonly slots: TurnSlots
  readonly keeper: ThreadKeeper
  readonly upstream: Upstream
  readonly log: Logger
}

/** Codex tells the end of a turn a moment after it says that the thread is idle. */
const endFollowsMs = 1000

export class StaleSlots {
  private readonly deps: StaleSlotsDeps

  constructor(deps: StaleSlotsDeps) {
    this.deps = deps
  }

  /** To be called when Codex says that the thread is idle. */
  onIdle(threadId: string): void {
    const turnId = this.deps.slots.active(threadId)?.turnId
    // One that Codex has not named yet is on its way: its request has an end of its own.
    if (turnId)
      this.look(threadId, turnId).catch((error: unknown) =>
        this.deps.log.warn({ err: error, threadId, turnId }, 'a stale slot was not looked into'),
      )
  }

  private async look(threadId: string, turnId: string): Promise<void> {
    const { slots, keeper, upstream, log } = this.deps
    const isHeld = () => slots.active(threadId)?.turnId === turnId
    await delay(endFollowsMs, undefined, { ref: false })
    if (!isHeld()) return
    await upstream.onAnyLink(async (link) => {
      const { thread } = await link.request('thread/read', { threadId, includeTurns: false })
      if (thread.status.type !== 'idle' || !isHeld()) return
      await keeper
        .reattach(threadId, link)
        .catch((error: unknown) => log.warn({ err: error, threadId }, 'not caught up'))
      if (isHeld())
        keeper.closeLost(threadId, turnId, 'Codex does not run this turn any more, and how it ended cannot be read.')
      log.warn({ threadId, turnId }, 'Codex is idle where this turn was held to run; the thread is free again')
    })
  }
}
