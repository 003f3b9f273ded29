/** The ways out of watching a turn, Ctrl-C and a time limit: the turn itself keeps running unless it is interrupted on purpose. */

import { awakeTimeout } from '../../platform/time/awake-clock.ts'
import { ShareError } from '../../protocol/errors.ts'
import { shellWord } from '../../protocol/text/shell-word.ts'
import { duration } from '../../render/terminal/clock.ts'
import { askOnTerminal, canAsk } from '../base/ask-on-terminal.ts'
import { parseTimeSpan } from '../input/time-span.ts'

interface WatchedTurn {
  readonly threadId: string
  readonly turnId: string
}

interface TurnWatchOptions {
  /** A command of `share`, as people copy it. */
  readonly commandToCopy: (words: string) => string
  readonly notice: (text: string) => void
  readonly interrupt: (threadId: string) => Promise<void>
}

export class TurnWatch {
  private readonly options: TurnWatchOptions
  private readonly leaving = new AbortController()
  private turn: WatchedTurn | undefined
  private asking: Promise<void> | undefined

  constructor(options: TurnWatchOptions) {
    this.options = options
  }

  /** Fires when watching is over, with a ShareError `cancelled` or `timedOut` as the reason. */
  get signal(): AbortSignal {
    return this.leaving.signal
  }

  /** While the person is asked something: output has to wait for it. */
  get question(): Promise<void> | undefined {
    return this.asking
  }

  /** The turn is known: from now on Ctrl-C can interrupt it. */
  setTurn(turn: WatchedTurn): void {
    this.turn = turn
  }

  /** @throws ShareError `usage` when `span` is none */
  giveUpAfter(span: string, requestId: string): void {
    const ms = parseTimeSpan(span, '--timeout')
    const giveUp = () => {
      const what = `gave up after ${duration(ms)}${this.hintToFollow()}`
      const follow = this.turn ? 'Follow it with tail, and do not post it again' : 'Do not just post it again'
      const hint = `${follow}; the same command with --request-id ${shellWord(requestId)} never runs it twice.`
      this.leaving.abort(new ShareError('timedOut', what, { hint }))
    }
    awakeTimeout(giveUp, ms).unref()
  }

  /** Ctrl-C: asks once where somebody can answer, and leaves otherwise. */
  onCtrlC(): void {
    if (this.turn === undefined || !canAsk() || this.asking !== undefined) this.leave()
    else {
      this.asking = this.ask(this.turn.threadId).finally(() => {
        this.asking = undefined
      })
    }
  }

  private async ask(threadId: string): Promise<void> {
    const answer = await askToInterrupt()
    if (answer === 'leave') this.leave()
    else if (answer === 'interrupt') {
      this.options.notice('interrupting…')
      // How it ended comes in with the turn's own events.
      this.options.interrupt(threadId).catch((error: unknown) => this.leaving.abort(error))
    }
  }

  private leave(): void {
    this.leaving.abort(new ShareError('cancelled', this.turn ? `stopped watching${this.hintToFollow()}` : 'stopped'))
  }

  private hintToFollow(): string {
    if (!this.turn) return ''
    const { threadId, turnId } = this.turn
    return `; turn ${turnId} goes on: ${this.options.commandToCopy(`tail --thread ${threadId}`)}`
  }
}

/** What Ctrl-C does to a turn: end it for everybody, or only stop watching. */
type InterruptAnswer = 'interrupt' | 'leave' | 'stay'

/** Asks once. A second Ctrl-C, an empty answer or the end of input means to leave. */
async function askToInterrupt(): Promise<InterruptAnswer> {
  // Before readline, which draws its line over the one that the cursor stands in: part of the answer may be there.
  process.stderr.write('\n')
  const answer = (await askOnTerminal('Interrupt the turn, leave it running, or stay? [i/L/s] ')) ?? ''
  return ({ i: 'interrupt', s: 'stay' }[answer[0] ?? ''] as InterruptAnswer | undefined) ?? 'leave'
}
