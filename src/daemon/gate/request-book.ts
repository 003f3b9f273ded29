/** Keeps the request ids for admission: read behind everything that waits to be written, and written so that nothing runs twice. */
import type { Ledger } from '../../ledger/ledger.ts'
import type { NewRequest, RequestRow } from '../../ledger/turn-store.ts'
import { ShareError } from '../../protocol/errors.ts'
import type { Recorder } from '../publishing/recorder.ts'

export interface RequestBookDeps {
  readonly ledger: Ledger
  readonly recorder: Recorder
}

export class RequestBook {
  private readonly ledger: Ledger
  private readonly recorder: Recorder

  constructor({ ledger, recorder }: RequestBookDeps) {
    this.ledger = ledger
    this.recorder = recorder
  }

  /**
   * What is known of a request id.
   *
   * @throws ShareError `connectionLost` for one that was sent while what became of it waits to be written
   */
  find(threadId: string, requestId: string): RequestRow | undefined {
    const isWhole = this.recorder.flush()
    const row = this.ledger.turns.request(threadId, requestId)
    if (!isWhole && row?.turnId === null) throw this.unknownOutcome({ threadId, requestId })
    return row
  }

  /**
   * Before the request is sent.
   *
   * @throws ShareError `unavailable`: it must not be sent
   */
  remember(threadId: string, request: NewRequest): void {
    this.recorder.writeNow(() => this.ledger.turns.remember(threadId, request))
  }

  /**
   * Codex took it. When the ledger cannot be written, that is remembered until it can.
   *
   * @returns why it is not in the ledger yet, or null
   */
  fulfil(threadId: string, requestId: string, turnId: string): string | null {
    void this.recorder.persist(() => this.ledger.turns.fulfil(threadId, requestId, turnId))
    return this.recorder.problem
  }

  /** Codex has begun a turn without a prompt, and has named it. */
  recordBegun(threadId: string, turnId: string, request: Pick<NewRequest, 'requestId' | 'by'>): void {
    void this.recorder.persist(() => this.ledger.turns.rememberBegun(threadId, turnId, request))
  }

  /** Codex did not take it, so that it may be sent again. */
  forget(threadId: string, requestId: string): void {
    void this.recorder.persist(() => this.ledger.turns.forget(threadId, requestId))
  }

  /** The request was sent; what became of it cannot be read or written. */
  unknownOutcome(facts: {
    readonly threadId: string
    readonly requestId: string
    readonly turnId?: string
  }): ShareError {
    const taken = facts.turnId === undefined ? 'the prompt was sent before' : `Codex took the prompt`
    return new ShareError('connectionLost', `${taken}, and ${this.recorder.problem ?? 'its outcome is not known'}`, {
      facts: { ...facts, sent: true },
    })
  }
}
