/** `share post`: submits a prompt to a thread, once, and shows what comes of it. */
import { randomUUID } from 'node:crypto'
import { Flags } from '@oclif/core'
import { followTurn, type TurnOutcome } from '../../client/follow-turn.ts'
import { interruptTurn } from '../../client/interrupt-turn.ts'
import type { IfBusy, SubmittedPrompt } from '../../client/prompt-input.ts'
import { submitPrompt } from '../../client/submit-prompt.ts'
import { parseTimeSpan } from '../../client/time-span.ts'
import type { Approval } from '../../protocol/approvals.ts'
import { type ErrorName, ShareError } from '../../protocol/errors.ts'
import { approvalText } from '../../render/approval-text.ts'
import { calendarDay, duration } from '../../render/clock.ts'
import { createPaint } from '../../render/theme.ts'
import { ApprovalWatch } from '../approval-watch.ts'
import { askToInterrupt, canAsk } from '../ask-to-interrupt.ts'
import { ConnectedCommand, threadFlag } from '../connected-command.ts'
import { type EntryOutput, jsonEntries, textEntries } from '../entry-output.ts'
import { readPrompt } from '../read-prompt.ts'

const busyChoices = ['reject', 'wait', 'steer'] as const satisfies readonly IfBusy[]

/** How a turn that did not complete is told by the exit code. */
const failures: Readonly<Record<string, ErrorName>> = { failed: 'turnFailed', interrupted: 'turnInterrupted' }

export default class SharePost extends ConnectedCommand {
  static override summary = 'Submit a prompt to a thread, once, and show what comes of it.'
  static override description = `While a turn runs a second prompt is refused as busy, unless --if-busy says otherwise.
Repeating a command with the same --request-id never runs a prompt twice: it shows the turn of the first time.

Exit codes: 0 the turn completed, 3 busy, 4 no such thread, 5 no daemon, 6 connection lost and the outcome unknown, 7 the turn failed, 8 it was interrupted, 9 refused, 10 timed out.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> --thread release --prompt "Run the tests"',
    '$ git diff | <%= config.bin %> <%= command.id %> --thread release --prompt -',
    '<%= config.bin %> <%= command.id %> --thread last --prompt @task.md --if-busy wait --timeout 30m --json',
  ]

  static override flags = {
    thread: threadFlag,
    prompt: Flags.string({
      char: 'p',
      required: true,
      helpValue: 'TEXT',
      description: 'The prompt; `-` reads it from standard input, `@FILE` from a file. At most 1 MiB.',
    }),
    wait: Flags.boolean({
      default: true,
      allowNo: true,
      description: 'Show the turn until it ends; --no-wait returns as soon as it has really begun.',
    }),
    'request-id': Flags.string({
      helpValue: 'ID',
      description: 'Names this submit, so that it can be repeated safely. Made up when not given.',
    }),
    'if-busy': Flags.option({
      options: busyChoices,
      default: 'reject',
      description:
        'While a turn runs: reject (exit code 3), wait until it is over, or steer it, which cuts its answer short.',
    })(),
    timeout: Flags.string({
      helpValue: 'SPAN',
      description: 'Give up waiting after this time, such as 90s or 5m. A turn that runs goes on.',
    }),
    verbose: Flags.boolean({
      char: 'v',
      description: 'Also a line for each event that the readable form does not know.',
    }),
  }

  private readonly leaving = new AbortController()
  /** The turn, once it is known: what Ctrl-C can interrupt. */
  private current: { readonly threadId: string; readonly turnId: string } | undefined
  /** Output waits while the person is asked something. */
  private asking: Promise<void> | undefined

  override async run(): Promise<void> {
    const { flags } = await this.parseArguments()
    const requestId = checkedRequestId(flags['request-id'])
    const prompt = await readPrompt(flags.prompt, process.stdin)
    this.giveUpAfter(flags.timeout, requestId)
    const { signal } = this.leaving
    const link = this.connect(flags, { signal })
    const { threadId } = await this.resolve(await link.client(), flags.thread, signal)
    try {
      const submitted = await submitPrompt({
        link,
        threadId,
        prompt,
        requestId,
        ifBusy: flags['if-busy'],
        notice: this.notice,
        signal,
      })
      this.current = { threadId, turnId: submitted.turnId }
      if (submitted.duplicate) this.notice('This request id was used before; this is its turn.')
      const output = this.output(flags, requestId, submitted)
      const watch = new ApprovalWatch({ link, threadId, tell: (approval) => this.tellApproval(approval) })
      const outcome = await followTurn({
        link,
        threadId,
        turnId: submitted.turnId,
        after: submitted.after,
        until: flags.wait ? 'ended' : 'begun',
        onEntries: async (entries) => {
          if (!flags.wait) return
          watch.see(entries)
          await output.write(entries)
        },
        signal,
      })
      await output.finish()
      await this.report({ threadId, requestId, submitted, outcome }, flags)
    } catch (error) {
      throw this.withRequest(error, requestId)
    }
  }

  /** Who pipes something in and names no prompt most likely means what is piped. */
  private async parseArguments() {
    try {
      return await this.parse(SharePost)
    } catch (error) {
      const named = this.argv.some((argument) => /^(-p|--prompt)/.test(argument))
      if (named || process.stdin.isTTY || !(error instanceof Error && error.message.includes('prompt'))) throw error
      throw new ShareError('usage', 'there is no --prompt', {
        hint: '`--prompt -` reads it from standard input.',
        cause: error,
      })
    }
  }

  /** On stderr, whatever stdout is: the turn goes on only when somebody answers. */
  private tellApproval(approval: Approval): void {
    const options = { paint: createPaint(false), now: Date.now(), command: this.shareCommand }
    this.notice(`The turn waits for an answer:\n${approvalText(approval, options).trimEnd()}`)
  }

  private async report(
    {
      threadId,
      requestId,
      submitted,
      outcome,
    }: {
      readonly threadId: string
      readonly requestId: string
      readonly submitted: SubmittedPrompt
      readonly outcome: TurnOutcome
    },
    { json, wait }: { readonly json: boolean; readonly wait: boolean },
  ): Promise<void> {
    const { turnId, duplicate } = submitted
    const { status, reason } = outcome
    if (json)
      await this.writeJson({ threadId, turnId, status, duplicate, requestId, ...(reason === null ? {} : { reason }) })
    else if (status === 'inProgress') await this.write(`${turnId}\n`)
    const failure = failures[status]
    if (!failure) return
    this.toldInResult = true
    // The readable form has told it already.
    const because = reason === null || (wait && !json) ? '' : `: ${reason}`
    throw new ShareError(failure, `the turn ${status === 'failed' ? 'failed' : 'was interrupted'}${because}`)
  }

  private output(
    { json, verbose }: { readonly json: boolean; readonly verbose: boolean },
    requestId: string,
    { duplicate }: SubmittedPrompt,
  ): EntryOutput {
    const write = async (text: string | Uint8Array) => {
      await this.asking
      await this.write(text)
    }
    if (json) return jsonEntries(write)
    return textEntries(write, {
      colour: this.colour,
      verbose,
      today: calendarDay(new Date().toISOString()),
      ...this.width,
      ...(duplicate ? {} : { ownRequestId: requestId }),
    })
  }

  private giveUpAfter(timeout: string | undefined, requestId: string): void {
    if (timeout === undefined) return
    const ms = parseTimeSpan(timeout, '--timeout')
    const giveUp = () => {
      const what = `gave up after ${duration(ms)}${this.goesOn()}`
      const follow = this.current ? 'Follow it with tail, and do not post it again' : 'Do not just post it again'
      const hint = `${follow}; the same command with --request-id ${requestId} never runs it twice.`
      this.leaving.abort(new ShareError('timedOut', what, { hint }))
    }
    setTimeout(giveUp, ms).unref()
  }

  protected override onInterrupt(): void {
    if (this.current === undefined || !canAsk() || this.asking) this.leave()
    else {
      this.asking = this.ask(this.current.threadId).finally(() => {
        this.asking = undefined
      })
    }
  }

  private async ask(threadId: string): Promise<void> {
    const answer = await askToInterrupt()
    if (answer === 'leave') this.leave()
    else if (answer === 'interrupt' && this.link) {
      this.notice('interrupting…')
      // How it ended comes in with the turn's own events.
      interruptTurn({ link: this.link, threadId }).catch((error: unknown) => this.leaving.abort(error))
    }
  }

  private leave(): void {
    this.leaving.abort(new ShareError('cancelled', `stopped watching${this.goesOn()}`))
  }

  private goesOn(): string {
    if (!this.current) return ''
    const { threadId, turnId } = this.current
    return `; turn ${turnId} goes on: ${this.shareCommand} tail --thread ${threadId}`
  }

  /** Whoever has to try again needs the id that makes that safe. */
  private withRequest(error: unknown, requestId: string): unknown {
    if (!(error instanceof ShareError)) return error
    const { errorName, message, facts, hint, cause } = error
    const told =
      errorName === 'connectionLost'
        ? `The outcome is not known. Repeat it with --request-id ${requestId}: it never runs twice.`
        : hint
    return new ShareError(errorName, message, { facts: { ...facts, requestId }, hint: told, cause })
  }
}

const longestRequestId = 200

/** The one that was given, or a new one. */
function checkedRequestId(given: string | undefined): string {
  if (given === undefined) return randomUUID()
  if (given.length >= 1 && given.length <= longestRequestId) return given
  throw new ShareError('usage', `--request-id takes 1 to ${longestRequestId} characters`)
}
