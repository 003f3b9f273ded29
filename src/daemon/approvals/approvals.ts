/** The questions of Codex's that wait for a person: told to every peer that answers, settled by the first answer, remembered for late ones. */
import { createHash } from 'node:crypto'
import type { UpstreamRequest } from '../../codex/decoding/upstream-message.ts'
import type { RequestId } from '../../codex/decoding/upstream-types.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import {
  type Approval,
  type ApprovalAnswered,
  type ApprovalResolved,
  alreadyResolvedError,
  approvalAnsweredMethod,
} from '../../protocol/approvals.ts'
import { ShareError } from '../../protocol/errors.ts'
import type { Author } from '../../protocol/events.ts'
import type { JsonObject } from '../../protocol/json/read-json.ts'
import type { DaemonNotificationName } from '../../protocol/methods.ts'
import { questionKindOf } from '../../protocol/questions/question-kinds.ts'
import { refuseWrongForm } from '../../protocol/questions/refuse-wrong-form.ts'
import type { ConnectedPeer, Peers } from '../peers/peers.ts'
import type { Recorder } from '../publishing/recorder.ts'
import { hideSecrets, withoutDiffs } from './hide-secrets.ts'

export interface ApprovalsDeps {
  readonly ledger: Ledger
  readonly recorder: Recorder
  readonly peers: Peers
  /** The shared thread that a sub-agent's works for, with the turn that runs there; null for a thread that is nobody's. */
  readonly worksFor: (threadId: string) => Promise<Pick<Approval, 'threadId' | 'turnId'> | null>
}

/** Says the answer to Codex, on the connection that the question came on. */
export type Respond = (id: RequestId, result: unknown) => void

interface Question {
  readonly requestId: RequestId
  approval: Approval
  readonly respond: Respond
  /** Who answered first; what Codex makes of it is told by its `serverRequest/resolved`. */
  answered: { readonly by: Author; readonly result: JsonObject } | null
}

/** Answers that come late are told who was first, as far back as this. */
const rememberedAnswers = 100

export class Approvals {
  private readonly deps: ApprovalsDeps
  private readonly open = new Map<string, Question>()
  private readonly over = new Map<string, ApprovalResolved>()

  constructor(deps: ApprovalsDeps) {
    this.deps = deps
  }

  /** Codex asks. A question that was asked before is asked again after every break of the link, and then only its way back is new. */
  onRequest(request: UpstreamRequest, respond: Respond): void {
    const { id, method, params, threadId, turnId, itemId } = request
    if (threadId === null || questionKindOf(method).audience === 'programs') return
    const approval: Approval = {
      approvalId: nameOf(request),
      threadId,
      turnId,
      askedAt: new Date(typeof params.startedAtMs === 'number' ? params.startedAtMs : Date.now()).toISOString(),
      method,
      params,
      item: this.itemOf(threadId, itemId),
    }
    const question: Question = { requestId: id, approval, respond, answered: null }
    this.open.set(keyOf(threadId, id), question)
    this.tellOf(question)
    if (!this.deps.ledger.threads.has(threadId)) void this.bringToOwner(question)
  }

  list(threadId?: string): Approval[] {
    return [...this.open.values()]
      .filter(({ approval, answered }) => !answered && (threadId === undefined || approval.threadId === threadId))
      .map(({ approval }) => approval)
  }

  /** Those that were settled last, the oldest first. */
  lastResolved(threadId?: string): ApprovalResolved[] {
    return [...this.over.values()].filter((end) => threadId === undefined || end.threadId === threadId)
  }

  /** Forgets how the questions of a thread were settled: answers are what people wrote. */
  forget(threadId: string): void {
    for (const [key, end] of this.over) if (end.threadId === threadId) this.over.delete(key)
  }

  /** A peer has begun to follow the thread: it is told what waits there. */
  onFollower(peer: ConnectedPeer, threadId: string): void {
    if (peer.answers) for (const approval of this.list(threadId)) peer.rpc.notify('share/approval', approval)
  }

  /**
   * A peer's answer.
   *
   * @throws ShareError `conflict` when it was answered before, with `facts.resolvedBy`; `notFound`; `usage` for what is no answer to it.
   */
  answer(threadId: string, approvalId: string, result: JsonObject, by: Author): void {
    const question = [...this.open.values()].find(
      ({ approval }) => approval.approvalId === approvalId && approval.threadId === threadId,
    )
    const before = question ? question.answered : this.over.get(`${threadId} ${approvalId}`)
    if (before) throw alreadyResolvedError({ approvalId, by: before.by })
    if (!question) throw new ShareError('notFound', `no approval ${approvalId} waits in thread ${threadId}`)
    refuseWrongForm(question.approval, result)
    // First, as it may be that Codex cannot be given it: then the question is still open.
    question.respond(question.requestId, result)
    question.answered = { by, result }
  }

  /** An answer given past `share/answer`, by a stock Codex on its own connection. False when somebody was faster: it must not be sent on. */
  answerFromStock(threadId: string, requestId: RequestId, result: JsonObject, by: Author): boolean {
    const question = this.open.get(keyOf(threadId, requestId))
    if (question?.answered) return false
    if (question) question.answered = { by, result }
    return true
  }

  /** Codex says that a question is over. Returns who answered it, where that is known, and whether the answer ends the turn. */
  onResolved(threadId: string, requestId: RequestId): { readonly by: Author | null; readonly endsTurn: boolean } {
    return this.settle(keyOf(threadId, requestId))
  }

  private settle(key: string): { readonly by: Author | null; readonly endsTurn: boolean } {
    const question = this.open.get(key)
    if (!question) return { by: null, endsTurn: false }
    this.open.delete(key)
    const { approval, answered } = question
    const { threadId, approvalId, method, params } = approval
    const result = answered && hideSecrets(params, answered.result)
    if (answered && result) this.record(approval, result, answered.by)
    const end: ApprovalResolved = { threadId, approvalId, by: answered?.by ?? null, result }
    this.over.set(`${threadId} ${approvalId}`, end)
    for (const oldest of this.over.keys()) {
      if (this.over.size <= rememberedAnswers) break
      this.over.delete(oldest)
    }
    this.tell(threadId, 'share/approvalResolved', end)
    return { by: end.by, endsTurn: result !== null && questionKindOf(method).endsTurn(result) }
  }

  /** The questions of a thread are void: its app-server has gone, or the link to it, and what still waits is asked again. */
  cancelAll(threadId?: string): void {
    for (const [key, { approval }] of [...this.open])
      if (threadId === undefined || approval.threadId === threadId) this.settle(key)
  }

  /** Nobody follows a sub-agent's thread: who follows the one that it works for is asked, as of that one. */
  private async bringToOwner(question: Question): Promise<void> {
    const { approval, requestId } = question
    const owner = await this.deps.worksFor(approval.threadId)
    if (!owner || this.open.get(keyOf(approval.threadId, requestId)) !== question) return
    question.approval = { ...approval, ...owner }
    this.tellOf(question)
  }

  private tellOf({ approval }: Question): void {
    const { threadId, approvalId } = approval
    this.over.delete(`${threadId} ${approvalId}`)
    this.tell(threadId, 'share/approval', approval)
  }

  private record({ askedAt: _at, ...approval }: Approval, result: JsonObject, by: Author): void {
    const { threadId, turnId } = approval
    const { ledger, recorder } = this.deps
    if (!ledger.threads.has(threadId)) return
    const params: ApprovalAnswered = { ...approval, item: withoutDiffs(approval.item), result }
    recorder.add({ threadId, turnId, atMs: Date.now(), method: approvalAnsweredMethod, params, itemId: null, by })
  }

  private tell(threadId: string, method: DaemonNotificationName, params: Approval | ApprovalResolved): void {
    for (const { answers, channel, rpc } of this.deps.peers.followers(threadId))
      if (answers) channel.guard.run(() => rpc.notify(method, params))
  }

  private itemOf(threadId: string, itemId: string | null): Approval['item'] {
    const { ledger, recorder } = this.deps
    if (itemId === null || !ledger.threads.has(threadId)) return null
    recorder.flush()
    return ledger.events.item(threadId, itemId)
  }
}

function keyOf(threadId: string, requestId: RequestId): string {
  return `${threadId} ${JSON.stringify(requestId)}`
}

/**
 * Codex numbers its questions from 0 in every run, so that an answer meant for a question of an earlier run could hit another: the
 * name is made of what no two runs share, the ids of turn and item.
 */
function nameOf({ id, method, params, threadId, turnId, itemId }: UpstreamRequest): string {
  const about = [threadId, turnId, itemId, params.approvalId ?? null]
  return createHash('sha256')
    .update(JSON.stringify([id, method, ...about]))
    .digest('hex')
    .slice(0, 8)
}
