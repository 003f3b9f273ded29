/** Keeps what a stock client has said of itself: its name, its `initialize`, the folder it runs in. */

import type { Author } from '../../protocol/events.ts'
import { objectIn, textIn } from '../../protocol/json/read-json.ts'
import { longestLabel, nearestName } from '../../protocol/text/printable-name.ts'
import type { ClientRequest } from './frames/client-frames.ts'

export class ClientIntroduction {
  private readonly peerId: string
  private current: Author
  private first: ClientRequest | undefined
  private runsIn: string | null = null
  private isKnown = false

  constructor(peerId: string, pid: Author['pid']) {
    this.peerId = peerId
    this.current = { label: peerId, kind: 'codex', pid }
  }

  get author(): Author {
    return this.current
  }

  /** Its first `initialize`; undefined before that. */
  get hello(): ClientRequest | undefined {
    return this.first
  }

  /** Whether Codex has answered that. */
  get isAnswered(): boolean {
    return this.isKnown
  }

  get folder(): string | null {
    return this.runsIn
  }

  onInitialize(request: ClientRequest): void {
    this.first ??= request
    const name = textIn(objectIn(request.params, 'clientInfo'), 'name') ?? 'codex'
    // Several are there at once and all call themselves the same: the id tells apart who wrote what.
    const ownName = nearestName(name, longestLabel - this.peerId.length - 1) || 'codex'
    this.current = { ...this.current, label: `${ownName} ${this.peerId}` }
  }

  onAnswered(): void {
    this.isKnown = true
  }

  /** The first folder counts. */
  noteFolder(folder: string): void {
    this.runsIn ??= folder
  }
}
