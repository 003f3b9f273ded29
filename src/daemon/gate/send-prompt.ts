/** Sends a prompt that holds the slot of its thread, and finds out what became of it. */
import * as v from 'valibot'
import type { AppServerLink } from '../../codex/link/app-server-link.ts'
import type { NewRequest } from '../../ledger/turn-store.ts'
import { ShareError } from '../../protocol/errors.ts'
import { type Submitter, withoutLoosening } from '../peers/submitter.ts'
import type { GateDeps } from './gate-deps.ts'
import type { Outcome } from './outcome.ts'
import type { PromptParams } from './prompt-params.ts'
import type { Sender, Sent } from './sender.ts'

/** A turn by its id, as far as it is known here. */
interface NamedTurn {
  readonly id: string
  readonly [member: string]: unknown
}

/** Codex's own result, and `share`: whether the request id was known, and the cursor before the turn's first event. */
export interface SubmittedTurn {
  readonly turn: NamedTurn
  readonly share: { readonly duplicate: boolean; readonly after: number }
}

export type PromptOutcome = Outcome<SubmittedTurn>

export interface PromptToSend {
  readonly params: PromptParams
  readonly request: NewRequest
  readonly submitter: Submitter
  readonly sender: Sender
}

const startedSchema = v.looseObject({ turn: v.looseObject({ id: v.string() }) })

export class SendPrompt {
  private readonly deps: GateDeps

  constructor(deps: GateDeps) {
    this.deps = deps
  }

  /** @throws where nothing was sent, and it may be tried again on the next link */
  async send(prompt: PromptToSend, isAgain = false): Promise<PromptOutcome> {
    const { params: asked, request, submitter, sender } = prompt
    const { requests, slots, directory, gateway, threadSettings, ledger } = this.deps
    const { threadId } = asked
    const { requestId } = request
    if (!sender.isGuest) await slots.untilOpen()
    // Followed first, so that a turn which Codex runs already has the slot; then, of any submits at one instant, the first takes it.
    let link = sender.unstored ? undefined : await directory.claim(threadId)
    // Codex may have sent its item only now: the ledger loses its newest when the power fails.
    const turnId = requests.find(threadId, requestId)?.turnId
    if (turnId) return describeTurn(this.deps, { threadId, turnId, duplicate: true })
    gateway.requireAbleToRun()
    // A thread that Codex has not stored has nobody else in it to loosen it for.
    const params = sender.unstored ? asked : await withoutLoosening(threadSettings, threadId, asked, submitter)
    await sender.untilLinked()
    // Another app-server may have come meanwhile: to that nothing is sent before the thread is caught up there.
    if (link) link = await directory.stillClaimed(threadId, link)
    const after = ledger.events.head(threadId)
    const admission = slots.admit(threadId, { is: 'begin', requestId, by: submitter.author })
    if ('active' in admission) return { is: 'busy', active: admission.active }
    const sent = await this.deliver({ ...prompt, params }, link)
    switch (sent.is) {
      case 'answered':
        return this.onTaken(prompt, sent.result, after)
      case 'lost':
        return this.findOut(threadId, requestId, sent.error)
      case 'refused':
        return this.onRefused(prompt, sent, isAgain)
      case 'unsent':
        this.takeBack(threadId, requestId)
        throw sent.error
    }
  }

  /** Remembers the request, then sends it. */
  private async deliver({ params, request, sender }: PromptToSend, link: AppServerLink | undefined): Promise<Sent> {
    const { requests, threadSettings } = this.deps
    const { threadId } = params
    const { share: _ours, ...forCodex } = params
    const prompt = { ...forCodex, clientUserMessageId: request.requestId }
    try {
      requests.remember(threadId, request)
      threadSettings.expect(threadId, prompt, request.by)
    } catch (error) {
      return { is: 'unsent', error }
    }
    return sender.send('turn/start', prompt, link)
  }

  private async onTaken(
    { params, request, sender }: PromptToSend,
    result: unknown,
    after: number,
  ): Promise<PromptOutcome> {
    const { slots, requests } = this.deps
    const { threadId } = params
    const { requestId } = request
    const { success, output } = v.safeParse(startedSchema, result)
    if (!success) return this.findOut(threadId, requestId, new Error('Codex’s answer names no turn'))
    const { turn } = output
    slots.onNamed(threadId, requestId, turn.id)
    const problem = requests.fulfil(threadId, requestId, turn.id)
    // A stock client sees the turn on its own link; ours see what is recorded.
    if (problem !== null && !sender.isGuest)
      return { is: 'unknown', error: requests.unknownOutcome({ threadId, requestId, turnId: turn.id }) }
    return { is: 'taken', value: { turn, share: { duplicate: false, after } } }
  }

  private async onRefused(
    prompt: PromptToSend,
    { error, isUnloaded }: Extract<Sent, { readonly is: 'refused' }>,
    isAgain: boolean,
  ): Promise<PromptOutcome> {
    const { threadSync, directory } = this.deps
    const { threadId } = prompt.params
    this.takeBack(threadId, prompt.request.requestId)
    // It may have been archived past us, and be back.
    if (isUnloaded && !isAgain && threadSync.noteUnloaded(threadId)) return this.send(prompt, true)
    if (prompt.sender.unstored) directory.unshareUnused(threadId)
    return { is: 'refused', error }
  }

  /** Codex did not take it. */
  private takeBack(threadId: string, requestId: string): void {
    this.deps.requests.forget(threadId, requestId)
    this.deps.slots.release(threadId, requestId)
  }

  /** The answer did not come. The thread's own history shows whether the prompt did. */
  private async findOut(threadId: string, requestId: string, cause: Error): Promise<PromptOutcome> {
    const { requests, slots, threadSync, gateway } = this.deps
    const reason = cause.message
    let turnId: string | null | undefined
    try {
      requests.find(threadId, requestId)
      await gateway.onAnyLink((link) => threadSync.reattach(threadId, link))
      turnId = requests.find(threadId, requestId)?.turnId
    } catch {
      slots.release(threadId, requestId)
      const facts = { threadId, requestId, sent: true }
      const message = `it is not known whether Codex took the prompt: ${reason}`
      return { is: 'unknown', error: new ShareError('connectionLost', message, { cause, facts }) }
    }
    if (turnId) return describeTurn(this.deps, { threadId, turnId, duplicate: false })
    this.takeBack(threadId, requestId)
    const error = new ShareError('unavailable', `Codex did not take the prompt: ${reason}`, {
      cause,
      facts: { threadId, requestId, sent: false },
      hint: 'Nothing was submitted. Try again.',
    })
    return { is: 'refused', error }
  }
}

export interface TurnToDescribe {
  readonly threadId: string
  readonly turnId: string
  readonly duplicate: boolean
}

/** A prompt's turn as the ledger has it. */
export function describeTurn(
  { ledger, recorder }: Pick<GateDeps, 'ledger' | 'recorder'>,
  { threadId, turnId, duplicate }: TurnToDescribe,
): PromptOutcome {
  recorder.flush()
  const row = ledger.turns.get(threadId, turnId)
  const after = row ? row.firstId - 1 : ledger.events.head(threadId)
  const turn = { id: turnId, status: row?.status ?? 'inProgress' }
  return { is: 'taken', value: { turn, share: { duplicate, after } } }
}
