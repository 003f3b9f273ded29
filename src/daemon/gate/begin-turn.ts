/** Turns that begin without a prompt: a review, a compaction, a shell command of a person's. */
import { randomUUID } from 'node:crypto'
import { threadTrouble } from '../../codex/link/upstream-quirks.ts'
import type { NewRequest } from '../../ledger/turn-store.ts'
import { awakeDelay } from '../../platform/time/awake-clock.ts'
import { ShareError } from '../../protocol/errors.ts'
import { type JsonObject, objectIn, textIn } from '../../protocol/json/read-json.ts'
import type { Submitter } from '../peers/submitter.ts'
import type { GateDeps } from './gate-deps.ts'
import type { RequestEffect } from './method-effects.ts'
import type { Outcome } from './outcome.ts'
import type { Sender } from './sender.ts'

export interface OtherTurn {
  readonly method: string
  readonly effect: Extract<RequestEffect, 'begins' | 'beginsOrJoins'>
  readonly params: JsonObject
}

export interface BegunTurn {
  /** Codex's own. */
  readonly result: unknown
  /** Null where Codex has not named the turn yet. */
  readonly turnId: string | null
}

export class BeginTurn {
  private readonly deps: GateDeps
  private readonly nameMs: number

  /** Where Codex names no turn, one follows within tenths of a second. After `nameMs` milliseconds it is asked whether it runs any. */
  constructor(deps: GateDeps, nameMs = 5000) {
    this.deps = deps
    this.nameMs = nameMs
  }

  begin(turn: OtherTurn, submitter: Submitter, sender: Sender): Promise<Outcome<BegunTurn>> {
    const threadId = textIn(turn.params, 'threadId')
    if (threadId === null) throw new ShareError('usage', `${turn.method}: threadId is missing`)
    return this.deps.gateway.untilSent(() => this.send(threadId, turn, submitter, sender))
  }

  private async send(
    threadId: string,
    turn: OtherTurn,
    submitter: Submitter,
    sender: Sender,
    isAgain = false,
  ): Promise<Outcome<BegunTurn>> {
    const { directory, slots, threadSync } = this.deps
    const { method, effect, params } = turn
    if (!sender.isGuest) await slots.untilOpen()
    // Followed first, so that a turn which Codex runs already has the slot; then, of any at one instant, the first takes it.
    const claimed = await directory.claim(threadId)
    await sender.untilLinked()
    const link = await directory.stillClaimed(threadId, claimed)
    const requestId = randomUUID()
    const is = effect === 'begins' ? 'begin' : 'beginOrJoin'
    const admission = slots.admit(threadId, { is, requestId, by: submitter.author })
    if ('active' in admission) return { is: 'busy', active: admission.active }
    const sent = await sender.send(method, params, link)
    switch (sent.is) {
      case 'answered': {
        const turnId = this.note(threadId, { requestId, by: submitter.author }, sent.result)
        return { is: 'taken', value: { result: sent.result, turnId } }
      }
      case 'lost':
        await this.findOut(threadId, requestId)
        return { is: 'unknown', error: sent.error }
      case 'refused': {
        slots.release(threadId, requestId)
        const isUnloaded = sent.isUnloaded && threadSync.noteUnloaded(threadId)
        if (isUnloaded && !isAgain) return this.send(threadId, turn, submitter, sender, true)
        return { is: 'refused', error: sent.error }
      }
      case 'unsent':
        slots.release(threadId, requestId)
        throw sent.error
    }
  }

  /** A review's turn is named in the reply; of the others Codex notifies soon after, and that names it. */
  private note(threadId: string, request: Pick<NewRequest, 'requestId' | 'by'>, result: unknown): string | null {
    const { slots, requests, log } = this.deps
    const { requestId } = request
    const turnId = textIn(objectIn(objectIn({ result }, 'result') ?? {}, 'turn'), 'id')
    if (turnId === null) {
      this.untilNamed(threadId, requestId).catch((error: unknown) => log.warn({ err: error, threadId }, 'not named'))
      return null
    }
    slots.onNamed(threadId, requestId, turnId)
    // It may have ended by now.
    if (slots.active(threadId)?.turnId === turnId) requests.recordBegun(threadId, turnId, request)
    return turnId
  }

  /** The slot is not kept for a turn that does not come. */
  private async untilNamed(threadId: string, requestId: string): Promise<void> {
    const { slots, log } = this.deps
    for (;;) {
      await awakeDelay(this.nameMs, { ref: false })
      if (!slots.isReserved(threadId, requestId)) return
      if (!(await this.isIdle(threadId)) || !slots.isReserved(threadId, requestId)) continue
      slots.release(threadId, requestId)
      log.warn({ threadId }, 'Codex began no turn: the thread is free again')
      return
    }
  }

  private async isIdle(threadId: string): Promise<boolean> {
    try {
      const { thread } = await this.deps.gateway.onAnyLink((link) =>
        link.request('thread/read', { threadId, includeTurns: false }),
      )
      return thread.status.type !== 'active'
    } catch (error) {
      // A thread that is gone runs nothing; a Codex that cannot be asked is asked again.
      return threadTrouble(error) !== undefined
    }
  }

  /** The answer did not come. If the turn runs, catching up with the thread names it. */
  private async findOut(threadId: string, requestId: string): Promise<void> {
    const { gateway, threadSync, slots, log } = this.deps
    try {
      await gateway.onAnyLink((link) => threadSync.reattach(threadId, link))
    } catch (error) {
      log.info({ err: error, threadId }, 'not known whether a turn began')
    } finally {
      slots.release(threadId, requestId)
    }
  }
}
