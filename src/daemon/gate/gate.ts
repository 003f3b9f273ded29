/** The one way to begin, steer or end a turn, whatever a request came over. What becomes of it is a value. */

import type { JsonObject } from '../../protocol/json/read-json.ts'
import type { Submitter } from '../peers/submitter.ts'
import { BeginTurn, type BegunTurn, type OtherTurn } from './begin-turn.ts'
import type { GateDeps } from './gate-deps.ts'
import { admitInterrupt } from './interrupt-turn.ts'
import { type Outcome, outcomeOf } from './outcome.ts'
import type { SubmittedTurn } from './send-prompt.ts'
import { ownLink, type Sender } from './sender.ts'
import { admitSteer, type Steerer } from './steer-turn.ts'
import { SubmitPrompt } from './submit-prompt.ts'

export class Gate {
  private readonly deps: GateDeps
  private readonly own: Sender
  private readonly prompts: SubmitPrompt
  private readonly others: BeginTurn
  private ofGuests = 0

  constructor(deps: GateDeps) {
    this.deps = deps
    this.own = ownLink(deps.timeoutMs)
    this.prompts = new SubmitPrompt(deps)
    this.others = new BeginTurn(deps)
  }

  /** A prompt. The same request id again answers with the turn of the first time. */
  submit(params: unknown, submitter: Submitter, sender = this.own): Promise<Outcome<SubmittedTurn>> {
    return this.count(sender, () => this.prompts.submit(params, submitter, sender))
  }

  /** A review, a compaction, a shell command. */
  begin(turn: OtherTurn, submitter: Submitter, sender = this.own): Promise<Outcome<BegunTurn>> {
    return this.count(sender, () => this.others.begin(turn, submitter, sender))
  }

  /** The value is Codex's own result. */
  steer(params: JsonObject, steerer: Steerer, sender = this.own): Promise<Outcome<unknown>> {
    return this.count(sender, () => admitSteer(this.deps, sender, params, steerer))
  }

  /** The value is Codex's own result. */
  interrupt(params: JsonObject, submitter: Submitter, mayTouchOthers: boolean): Promise<Outcome<unknown>> {
    return outcomeOf(() => admitInterrupt(this.deps, this.own, params, submitter, mayTouchOthers))
  }

  /** How many turns of stock clients are on their way; each needs its client's own link until Codex has answered. */
  get underwayOfGuests(): number {
    return this.ofGuests
  }

  private async count<T>(sender: Sender, work: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
    const one = sender.isGuest ? 1 : 0
    this.ofGuests += one
    try {
      return await outcomeOf(work)
    } finally {
      this.ofGuests -= one
    }
  }
}
