/** Finds the items that continued while the daemon could not hear Codex, and records where in them something is missing. */
import type { NotificationEffect, UpstreamNotification } from '../../codex/decoding/decode-notification.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { missedMethod } from '../../protocol/own-events.ts'
import type { Recorder } from '../publishing/recorder.ts'

export interface MissedItemsDeps {
  readonly ledger: Ledger
  readonly recorder: Recorder
}

interface Place {
  readonly threadId: string
  readonly turnId: string
  readonly atMs: number
}

export class MissedItems {
  private readonly deps: MissedItemsDeps
  private readonly heard = new HeardItems()

  constructor(deps: MissedItemsDeps) {
    this.deps = deps
  }

  /** Nothing was heard of the thread for a while, or will be. */
  onSilence(threadId: string): void {
    this.heard.forget(threadId)
  }

  /** To be called with every notification before it is recorded. */
  before(threadId: string, notification: UpstreamNotification): void {
    const { effect, turnId, itemId, emittedAtMs: atMs } = notification
    if (turnId === null) return
    if (effect.kind === 'turnEnded') this.beforeEnd({ threadId, turnId, atMs }, effect.isDated)
    else this.record({ threadId, turnId, atMs }, this.heard.hear(threadId, effect, itemId))
  }

  /** The turn still runs, and what Codex has stored of it is recorded: the rest of its open items went by unheard. */
  onCaughtUp(threadId: string, turnId: string): void {
    this.record({ threadId, turnId, atMs: Date.now() }, this.leftOpen(threadId, turnId))
  }

  /** A turn that ended unheard left items open. One that Codex did not survive has no time of its end: nothing came of it that we missed. */
  private beforeEnd(place: Place, isDated: boolean): void {
    const { threadId, turnId } = place
    const isOpen = () => this.deps.ledger.turns.get(threadId, turnId)?.status === 'inProgress'
    if (isDated && !this.heard.hasHeard(threadId) && isOpen()) this.record(place, this.leftOpen(threadId, turnId))
    this.heard.endTurn(threadId)
  }

  private leftOpen(threadId: string, turnId: string): string[] {
    const { ledger, recorder } = this.deps
    recorder.flush()
    const turn = ledger.turns.get(threadId, turnId)
    const open = turn ? ledger.events.openItems(threadId, turn.firstId) : []
    const joined = this.heard.joinIn(
      threadId,
      open.map(({ itemId }) => itemId),
    )
    // A hole that an earlier daemon recorded, and behind which nothing has come, is the same one.
    return joined.filter((id) => open.some(({ itemId, missed }) => itemId === id && !missed))
  }

  private record({ threadId, turnId, atMs }: Place, itemIds: readonly string[]): void {
    if (itemIds.length === 0) return
    const params = { threadId, turnId, itemIds }
    this.deps.recorder.add({ threadId, turnId, atMs, method: missedMethod, params, itemId: null, by: null })
  }
}

/** The items of each thread that were heard without a break since they began, or since their hole was recorded. */
export class HeardItems {
  /** Whether they may outlive their turn, by id. */
  private readonly byThread = new Map<string, Map<string, boolean>>()

  /** Whether anything was heard of the thread since the last break. */
  hasHeard(threadId: string): boolean {
    return this.byThread.has(threadId)
  }

  /** Takes in a notification about an item, and returns the item if it has a hole here: it continues, and its beginning was not heard. */
  hear(threadId: string, effect: NotificationEffect, itemId: string | null): string[] {
    if (itemId === null) return []
    if (effect.kind === 'itemGrew') return this.joinIn(threadId, [itemId])
    if (effect.kind === 'itemStarted') this.itemsOf(threadId).set(itemId, effect.mayOutliveTurn)
    else if (effect.kind === 'itemCompleted') this.byThread.get(threadId)?.delete(itemId)
    return []
  }

  /** From here on these items are heard; returns those that were not before. */
  joinIn(threadId: string, itemIds: readonly string[]): string[] {
    const items = this.itemsOf(threadId)
    const joined = itemIds.filter((id) => !items.has(id))
    for (const id of joined) items.set(id, false)
    return joined
  }

  endTurn(threadId: string): void {
    const items = this.byThread.get(threadId)
    for (const [id, mayOutliveTurn] of items ?? []) if (!mayOutliveTurn) items?.delete(id)
  }

  forget(threadId: string): void {
    this.byThread.delete(threadId)
  }

  private itemsOf(threadId: string): Map<string, boolean> {
    const items = this.byThread.get(threadId) ?? new Map<string, boolean>()
    this.byThread.set(threadId, items)
    return items
  }
}
