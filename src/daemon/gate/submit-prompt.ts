/** `turn/start`: a prompt is submitted once, or refused with the reason. */
import { randomUUID } from 'node:crypto'
import * as v from 'valibot'
import { threadTrouble } from '../../codex/link/upstream-quirks.ts'
import type { NewRequest, RequestRow } from '../../ledger/turn-store.ts'
import { ShareError } from '../../protocol/errors.ts'
import { translateUpstreamError } from '../codex-link/codex-gateway.ts'
import { type Submitter, withoutLoosening } from '../peers/submitter.ts'
import type { GateDeps } from './gate-deps.ts'
import type { Outcome } from './outcome.ts'
import { conflictError, contentDigest, isSameContent } from './request-id.ts'
import type { Sender, Sent } from './sender.ts'

const paramsSchema = v.looseObject({
  threadId: v.string(),
  clientUserMessageId: v.nullish(v.pipe(v.string(), v.minLength(1), v.maxLength(200))),
  input: v.pipe(v.array(v.looseObject({ type: v.string() })), v.minLength(1)),
})
type SubmitParams = v.InferOutput<typeof paramsSchema>

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

const startedSchema = v.looseObject({ turn: v.looseObject({ id: v.string() }) })

type Submission = Outcome<SubmittedTurn>

export class SubmitPrompt {
  private readonly deps: GateDeps
  /** Submits on their way, so that the same request id sent twice at once waits for the first. */
  private readonly underway = new Map<string, Promise<Submission>>()

  constructor(deps: GateDeps) {
    this.deps = deps
  }

  /** @throws where nothing was submitted: ShareError `usage`, `conflict`, `notFound`, `unavailable`, `denied` */
  async submit(rawParams: unknown, submitter: Submitter, sender: Sender): Promise<Submission> {
    const params = readParams(rawParams)
    const { threadId } = params
    const { directory, requests, slots, threadSync, gateway } = this.deps
    if (sender.unstored) directory.shareUnstored(sender.unstored)
    else await directory.ensureShared(threadId)
    const requestId = params.clientUserMessageId ?? randomUUID()
    const content = contentDigest(params)
    const known = requests.find(threadId, requestId)
    if (known && !isSameContent(known, content)) throw conflictError(known)
    const key = `${threadId} ${requestId}`
    const first = this.underway.get(key)
    if (first) return first.then(asDuplicate)
    const admission = slots.judge(threadId, { is: 'begin', requestId, by: submitter.author })
    // Of a thread that nobody hears, the end of its turn is not heard either: that is caught up with first.
    if (admission.is === 'busy' && !known && threadSync.isFollowed(threadId))
      return { is: 'busy', active: admission.active }
    const request = { requestId, content, input: params.input, by: submitter.author }
    const submitted = this.again(known, threadId).then(
      (turn) => turn ?? gateway.untilSent(() => this.send(params, request, submitter, sender)),
    )
    this.underway.set(key, submitted)
    return submitted.finally(() => this.underway.delete(key))
  }

  /** The turn of an earlier submit. One that has none was on its way when a daemon ended: Codex is asked whether it arrived. */
  private async again(request: RequestRow | undefined, threadId: string): Promise<Submission | undefined> {
    const { requests, directory } = this.deps
    if (!request) return undefined
    if (request.turnId === null) await directory.claim(threadId)
    const turnId = requests.find(threadId, request.requestId)?.turnId
    if (turnId) return this.describe(threadId, turnId, true)
    requests.forget(threadId, request.requestId)
    return undefined
  }

  private async send(
    asked: SubmitParams,
    request: NewRequest,
    submitter: Submitter,
    sender: Sender,
    isAgain = false,
  ): Promise<Submission> {
    const { requests, slots, directory, threadSync, gateway, threadSettings } = this.deps
    const { threadId } = asked
    const { requestId } = request
    if (!sender.isGuest) await slots.untilOpen()
    // Followed first, so that a turn which Codex runs already has the slot; then, of any submits at one instant, the first takes it.
    let link = sender.unstored ? undefined : await directory.claim(threadId)
    // Codex may have told of it only now: the ledger loses its newest when the power fails.
    const found = requests.find(threadId, requestId)?.turnId
    if (found) return this.describe(threadId, found, true)
    gateway.requireAbleToRun()
    // In a thread that nobody else was in yet, there is nobody to loosen it for.
    const params = sender.unstored ? asked : await withoutLoosening(threadSettings, threadId, asked, submitter)
    await sender.untilLinked()
    // Another app-server may have come meanwhile: to that nothing is sent before the thread is caught up there.
    if (link) link = await directory.stillClaimed(threadId, link)
    const after = this.deps.ledger.events.head(threadId)
    const admission = slots.admit(threadId, { is: 'begin', requestId, by: submitter.author })
    if ('active' in admission) return { is: 'busy', active: admission.active }
    const sent = await this.deliver(params, request, (prompt) => sender.send('turn/start', prompt, link))
    if (sent.is === 'lost') return this.findOut(threadId, requestId, sent.error)
    if (sent.is === 'answered')
      return this.onTaken(threadId, requestId, sent.result, { after, isGuest: sender.isGuest })
    this.takeBack(threadId, requestId)
    // It was archived past us, for one, and may be back.
    const isUnloaded = threadTrouble(sent.error)?.kind === 'notLoaded'
    if (isUnloaded && !sender.isGuest && !isAgain && threadSync.noteUnloaded(threadId))
      return this.send(asked, request, submitter, sender, true)
    if (sender.unstored) directory.unshareUnused(threadId)
    // What Codex says to a stock client it has been told, and that was the answer.
    if (sender.isGuest) return { is: 'refused', error: sent.error }
    throw translateUpstreamError(sent.error, threadId)
  }

  /** Remembers the request, then sends it. */
  private async deliver(
    params: SubmitParams,
    request: NewRequest,
    send: (prompt: Readonly<Record<string, unknown>>) => Promise<Sent>,
  ): Promise<Sent> {
    const { requests, threadSettings } = this.deps
    const { threadId } = params
    try {
      requests.remember(threadId, request)
      const { share: _ours, ...forCodex } = params
      const prompt = { ...forCodex, clientUserMessageId: request.requestId }
      threadSettings.expect(threadId, prompt, request.by)
      return await send(prompt)
    } catch (error) {
      this.takeBack(threadId, request.requestId)
      throw error
    }
  }

  private async onTaken(
    threadId: string,
    requestId: string,
    result: unknown,
    { after, isGuest }: { readonly after: number; readonly isGuest: boolean },
  ): Promise<Submission> {
    const { slots, requests } = this.deps
    const { success, output } = v.safeParse(startedSchema, result)
    if (!success) return this.findOut(threadId, requestId, new Error('Codex’s answer names no turn'))
    const { turn } = output
    slots.onNamed(threadId, requestId, turn.id)
    const problem = requests.fulfil(threadId, requestId, turn.id)
    // A stock client sees the turn on its own link; ours see what is recorded.
    if (problem !== null && !isGuest)
      return { is: 'unknown', error: requests.unknownOutcome({ threadId, requestId, turnId: turn.id }) }
    return { is: 'taken', value: { turn, share: { duplicate: false, after } } }
  }

  /** Codex did not take it. */
  private takeBack(threadId: string, requestId: string): void {
    this.deps.requests.forget(threadId, requestId)
    this.deps.slots.release(threadId, requestId)
  }

  /** The answer did not come. The thread's own history tells whether the prompt did. */
  private async findOut(threadId: string, requestId: string, cause: Error): Promise<Submission> {
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
    if (turnId) return this.describe(threadId, turnId, false)
    this.takeBack(threadId, requestId)
    const error = new ShareError('unavailable', `Codex did not take the prompt: ${reason}`, {
      cause,
      facts: { threadId, requestId, sent: false },
      hint: 'Nothing was submitted. Try again.',
    })
    return { is: 'refused', error }
  }

  private describe(threadId: string, turnId: string, duplicate: boolean): Submission {
    const { ledger, recorder } = this.deps
    recorder.flush()
    const row = ledger.turns.get(threadId, turnId)
    const after = row ? row.firstId - 1 : ledger.events.head(threadId)
    const turn = { id: turnId, status: row?.status ?? 'inProgress' }
    return { is: 'taken', value: { turn, share: { duplicate, after } } }
  }
}

function readParams(params: unknown): SubmitParams {
  const checked = v.safeParse(paramsSchema, params)
  if (checked.success) return checked.output
  const [issue] = checked.issues
  throw new ShareError('usage', `turn/start: ${v.getDotPath(issue) ?? 'params'}: ${issue.message}`)
}

function asDuplicate(first: Submission): Submission {
  if (first.is !== 'taken') return first
  const { turn, share } = first.value
  return { is: 'taken', value: { turn, share: { ...share, duplicate: true } } }
}
