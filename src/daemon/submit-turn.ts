/** `turn/start` from a peer: submitted once, or refused with the reason. */
import { randomUUID } from 'node:crypto'
import * as v from 'valibot'
import { UpstreamError } from '../codex/upstream-error.ts'
import { threadTrouble } from '../codex/upstream-quirks.ts'
import type { Thread } from '../codex/upstream-types.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { NewRequest, RequestRow } from '../ledger/turn-store.ts'
import { ShareError } from '../protocol/errors.ts'
import type { Recorder } from './recorder.ts'
import type { RequestBook } from './request-book.ts'
import { conflictError, contentDigest, isSameContent } from './request-id.ts'
import { type Submitter, withoutLoosening } from './submitter.ts'
import type { Loose } from './thread-facts.ts'
import type { ThreadFinder } from './thread-finder.ts'
import type { ThreadKeeper } from './thread-keeper.ts'
import type { ThreadSettingsStore } from './thread-settings/thread-settings.ts'
import { busyError, type TurnSlots } from './turn-slots.ts'
import { translateUpstreamError, type Upstream } from './upstream.ts'

export interface SubmitTurnDeps {
  readonly ledger: Ledger
  readonly recorder: Recorder
  readonly requests: RequestBook
  readonly slots: TurnSlots
  readonly threadSettings: ThreadSettingsStore
  readonly keeper: ThreadKeeper
  readonly finder: ThreadFinder
  readonly upstream: Upstream
  readonly timeoutMs: number
}

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

/** Codex's own word for it, and the cursor before the turn's first event. */
interface Delivered {
  readonly turn: NamedTurn
  readonly after: number
}

/** How a prompt gets to Codex where it is not over the daemon's own link: a stock client's prompt goes over that client's. */
export interface SubmitWay {
  /** The thread, when nothing was said in it yet: Codex has not stored it, so it cannot be followed before its first turn. */
  readonly unstored: Pick<Thread, 'id' | 'name' | 'cwd' | 'preview'> | undefined
  /** Waits while that client is taken over to another app-server. */
  readonly untilLinked: () => Promise<void>
  /** Rejects with `UpstreamError` when Codex refuses, else with a ShareError whose `facts.sent` says whether it may have arrived. */
  readonly send: (params: Readonly<Record<string, unknown>>) => Promise<unknown>
}

export class SubmitTurn {
  private readonly deps: SubmitTurnDeps
  /** Submits on their way, so that the same request id sent twice at once waits for the first. */
  private readonly underway = new Map<string, Promise<SubmittedTurn>>()
  private ofGuests = 0

  constructor(deps: SubmitTurnDeps) {
    this.deps = deps
  }

  /**
   * @throws ShareError `busy` while a turn runs; `conflict` when the request id was used for something else; `notFound`;
   * `unavailable` when nothing was submitted; `denied` for settings that loosen; `connectionLost` when Codex does not tell whether it was, or
   * the ledger cannot take in what it told. Codex's own refusals as they are.
   */
  async submit(rawParams: unknown, submitter: Submitter, way?: SubmitWay): Promise<SubmittedTurn> {
    if (!way) return this.submitOnce(rawParams, submitter)
    this.ofGuests += 1
    return this.submitOnce(rawParams, submitter, way).finally(() => {
      this.ofGuests -= 1
    })
  }

  /** How many prompts of stock clients are on their way; each needs its client's own link until Codex has answered. */
  get underwayOfGuests(): number {
    return this.ofGuests
  }

  private async submitOnce(rawParams: unknown, submitter: Submitter, way?: SubmitWay): Promise<SubmittedTurn> {
    const params = readParams(rawParams)
    const { threadId } = params
    const { finder, requests, slots, keeper } = this.deps
    if (way?.unstored) finder.shareUnstored(way.unstored)
    else await finder.ensureShared(threadId)
    const requestId = params.clientUserMessageId ?? randomUUID()
    const content = contentDigest(params)
    const known = requests.find(threadId, requestId)
    if (known && !isSameContent(known, content)) throw conflictError(known)
    const key = `${threadId} ${requestId}`
    const first = this.underway.get(key)
    if (first) return first.then((told) => ({ ...told, share: { ...told.share, duplicate: true } }))
    const active = slots.active(threadId)
    // Of a thread that nobody hears, the end of its turn is not heard either: that is caught up with first.
    if (active && !known && keeper.isFollowed(threadId)) throw busyError(active)
    const request = { requestId, content, input: params.input, by: submitter.author }
    const submitted = this.again(known, threadId).then(
      (turn) => turn ?? this.deps.upstream.untilSent(() => this.send(params, request, submitter, way)),
    )
    this.underway.set(key, submitted)
    return submitted.finally(() => this.underway.delete(key))
  }

  /** The turn of an earlier submit. One that has none was on its way when a daemon ended: Codex is asked whether it arrived. */
  private async again(request: RequestRow | undefined, threadId: string): Promise<SubmittedTurn | undefined> {
    const { requests, finder } = this.deps
    if (!request) return undefined
    if (request.turnId === null) await finder.claim(threadId)
    const turnId = requests.find(threadId, request.requestId)?.turnId
    if (turnId) return this.describe(threadId, turnId, true)
    requests.forget(threadId, request.requestId)
    return undefined
  }

  private async send(
    asked: SubmitParams,
    request: NewRequest,
    submitter: Submitter,
    way?: SubmitWay,
    isAgain = false,
  ): Promise<SubmittedTurn> {
    const { requests, slots, finder, keeper, upstream, threadSettings, timeoutMs } = this.deps
    const { threadId } = asked
    const { requestId } = request
    if (!way) await slots.untilOpen()
    // Followed first, so that a turn which Codex runs already has the slot; then, of any submits at one instant, the first takes it.
    let link = way?.unstored ? undefined : await finder.claim(threadId)
    // Codex may have told of it only now: the ledger loses its newest when the power fails.
    const found = requests.find(threadId, requestId)?.turnId
    if (found) return this.describe(threadId, found, true)
    upstream.requireAbleToRun()
    // In a thread that nobody else was in yet, there is nobody to loosen it for.
    const params = way?.unstored ? asked : await withoutLoosening(threadSettings, threadId, asked, submitter)
    await way?.untilLinked()
    // Another app-server may have come meanwhile: to that nothing is sent before the thread is caught up there.
    if (link) link = await finder.stillClaimed(threadId, link)
    slots.reserve(threadId, requestId, submitter.author)
    let delivered: Delivered
    try {
      const send = way?.send ?? ((prompt: Loose) => link?.forward('turn/start', prompt, { timeoutMs }))
      delivered = await this.deliver(params, request, send)
    } catch (error) {
      if (mayHaveArrived(error)) return await this.findOut(threadId, requestId, error)
      requests.forget(threadId, requestId)
      slots.release(threadId, requestId)
      // It was archived past us, for one, and may be back.
      if (!way && !isAgain && threadTrouble(error)?.kind === 'notLoaded' && keeper.noteUnloaded(threadId))
        return await this.send(asked, request, submitter, undefined, true)
      if (way?.unstored) finder.unshareUnused(threadId)
      // What Codex says to a stock client it has been told, and that was the answer.
      throw way ? error : translateUpstreamError(error, threadId)
    }
    const { turn, after } = delivered
    slots.started(threadId, turn.id, Date.now())
    const problem = requests.fulfil(threadId, requestId, turn.id)
    // A stock client sees the turn on its own link; ours see what is recorded.
    if (problem !== null && !way) throw requests.unknown({ threadId, requestId, turnId: turn.id })
    return { turn, share: { duplicate: false, after } }
  }

  /** Remembers the request, then sends it. */
  private async deliver(
    params: SubmitParams,
    request: NewRequest,
    send: (prompt: Loose) => Promise<unknown> | undefined,
  ): Promise<Delivered> {
    const { ledger, requests, threadSettings } = this.deps
    const { threadId } = params
    requests.remember(threadId, request)
    const after = ledger.events.head(threadId)
    const { share: _ours, ...forCodex } = params
    const prompt = { ...forCodex, clientUserMessageId: request.requestId }
    threadSettings.expect(threadId, prompt, request.by)
    const result = await send(prompt)
    const { turn } = v.parse(v.looseObject({ turn: v.looseObject({ id: v.string() }) }), result)
    return { turn, after }
  }

  /** The answer did not come. The thread's own history tells whether the prompt did. */
  private async findOut(threadId: string, requestId: string, cause: unknown): Promise<SubmittedTurn> {
    const { requests, slots, keeper, upstream } = this.deps
    const reason = cause instanceof Error ? cause.message : String(cause)
    try {
      requests.find(threadId, requestId)
      await upstream.onAnyLink((link) => keeper.reattach(threadId, link))
    } catch {
      slots.release(threadId, requestId)
      throw new ShareError('connectionLost', `it is not known whether Codex took the prompt: ${reason}`, {
        cause,
        facts: { threadId, requestId, sent: true },
      })
    }
    const turnId = requests.find(threadId, requestId)?.turnId
    if (turnId) return this.describe(threadId, turnId, false)
    requests.forget(threadId, requestId)
    slots.release(threadId, requestId)
    throw new ShareError('unavailable', `Codex did not take the prompt: ${reason}`, {
      cause,
      facts: { threadId, requestId, sent: false },
      hint: 'Nothing was submitted. Try again.',
    })
  }

  private describe(threadId: string, turnId: string, duplicate: boolean): SubmittedTurn {
    const { ledger, recorder } = this.deps
    recorder.flush()
    const row = ledger.turns.get(threadId, turnId)
    const after = row ? row.firstId - 1 : ledger.events.head(threadId)
    return { turn: { id: turnId, status: row?.status ?? 'inProgress' }, share: { duplicate, after } }
  }
}

function readParams(params: unknown): SubmitParams {
  const checked = v.safeParse(paramsSchema, params)
  if (checked.success) return checked.output
  const [issue] = checked.issues
  throw new ShareError('usage', `turn/start: ${v.getDotPath(issue) ?? 'params'}: ${issue.message}`)
}

/** A refusal, or a failure before sending, means that nothing arrived; a lost connection or a missed deadline leaves it open. */
function mayHaveArrived(error: unknown): boolean {
  return !(error instanceof UpstreamError) && error instanceof ShareError && error.facts.sent === true
}
