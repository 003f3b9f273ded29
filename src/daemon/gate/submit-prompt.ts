/** `turn/start`: a prompt is submitted once, or refused with the reason. */
import { randomUUID } from 'node:crypto'
import type { RequestRow } from '../../ledger/turn-store.ts'
import type { Submitter } from '../peers/submitter.ts'
import type { GateDeps } from './gate-deps.ts'
import { readPromptParams } from './prompt-params.ts'
import { conflictError, contentDigest, isSameContent } from './request-id.ts'
import { describeTurn, type PromptOutcome, SendPrompt } from './send-prompt.ts'
import type { Sender } from './sender.ts'

export class SubmitPrompt {
  private readonly deps: GateDeps
  private readonly sending: SendPrompt
  /** Submits on their way, so that the same request id sent twice at once waits for the first. */
  private readonly underway = new Map<string, Promise<PromptOutcome>>()

  constructor(deps: GateDeps) {
    this.deps = deps
    this.sending = new SendPrompt(deps)
  }

  /** @throws where nothing was submitted: ShareError `usage`, `conflict`, `notFound`, `unavailable`, `denied` */
  async submit(rawParams: unknown, submitter: Submitter, sender: Sender): Promise<PromptOutcome> {
    const params = readPromptParams(rawParams)
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
      (turn) => turn ?? gateway.untilSent(() => this.sending.send({ params, request, submitter, sender })),
    )
    this.underway.set(key, submitted)
    return submitted.finally(() => this.underway.delete(key))
  }

  /** The turn of an earlier submit. One that has none was on its way when a daemon ended: Codex is asked whether it arrived. */
  private async again(request: RequestRow | undefined, threadId: string): Promise<PromptOutcome | undefined> {
    const { requests, directory } = this.deps
    if (!request) return undefined
    if (request.turnId === null) await directory.claim(threadId)
    const turnId = requests.find(threadId, request.requestId)?.turnId
    if (turnId) return describeTurn(this.deps, { threadId, turnId, duplicate: true })
    requests.forget(threadId, request.requestId)
    return undefined
  }
}

function asDuplicate(first: PromptOutcome): PromptOutcome {
  if (first.is !== 'taken') return first
  const { turn, share } = first.value
  return { is: 'taken', value: { turn, share: { ...share, duplicate: true } } }
}
