/** `share post`: submits a prompt to a thread, once, and shows what comes of it. */
import { Flags } from '@oclif/core'
import { followTurn, type TurnOutcome } from '../../client/following/follow-turn.ts'
import { unauthorizedHint } from '../../client/rotated-keys.ts'
import { interruptTurn } from '../../client/submitting/interrupt-turn.ts'
import type { IfBusy, SubmittedPrompt } from '../../client/submitting/prompt-input.ts'
import { submitPrompt } from '../../client/submitting/submit-prompt.ts'
import { isGone } from '../../platform/places/work-folder.ts'
import type { Approval } from '../../protocol/approvals.ts'
import { type ErrorName, ShareError } from '../../protocol/errors.ts'
import { visibleLine } from '../../protocol/text/visible-text.ts'
import { approvalText } from '../../render/questions/approval-text.ts'
import { goneFolder } from '../../render/tables/thread-list.ts'
import { createPaint } from '../../render/terminal/theme.ts'
import { ConnectedCommand, threadFlag } from '../base/connected-command.ts'
import { readOwnPrompt } from '../input/read-prompt.ts'
import { requestIdFrom, withRequestId } from '../input/request-id.ts'
import type { EntryOutput } from '../output/entry-output.ts'
import { FollowNotices } from '../output/follow-notices.ts'
import { formatOf, formats, verboseFlag } from '../output/formats.ts'
import { ApprovalWatch } from '../watching/approval-watch.ts'
import { TurnWatch } from '../watching/turn-watch.ts'

const busyChoices = ['reject', 'wait', 'steer'] as const satisfies readonly IfBusy[]

/** What the exit code says of a turn that did not complete. */
const failures: Readonly<Record<string, ErrorName>> = { failed: 'turnFailed', interrupted: 'turnInterrupted' }

interface Posted {
  readonly threadId: string
  readonly requestId: string
  readonly submitted: SubmittedPrompt
  readonly outcome: TurnOutcome
}

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
      description:
        'Give up waiting after this time, such as 90s or 5m; a number alone is seconds. A turn that runs goes on.',
    }),
    verbose: verboseFlag,
  }

  private readonly turnWatch = new TurnWatch({
    commandToCopy: this.commandToCopy,
    notice: this.notice,
    interrupt: async (threadId) => {
      if (this.link) await interruptTurn({ link: this.link, threadId })
    },
  })

  override async run(): Promise<void> {
    const { flags } = await this.parseArguments()
    const requestId = requestIdFrom(flags['request-id'])
    const { signal } = this.turnWatch
    const prompt = await readOwnPrompt(flags.prompt, { signal, notice: this.notice })
    if (flags.timeout !== undefined) this.turnWatch.giveUpAfter(flags.timeout, requestId)
    const link = this.connect(flags, { toAct: 'post', signal })
    const thread = await this.resolve(link, flags.thread, signal)
    const { threadId } = thread
    if (!link.isRemote && isGone(thread.cwd)) this.notice(goneFolder(thread))
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
      this.turnWatch.setTurn({ threadId, turnId: submitted.turnId })
      if (submitted.duplicate) this.notice('This request id was used before; this is its turn.')
      const output = this.output(flags, requestId, submitted)
      const notices = new FollowNotices(this.notice)
      const watch = new ApprovalWatch({ link, threadId, onApproval: (approval) => this.noticeApproval(approval) })
      const outcome = await followTurn({
        link,
        threadId,
        turnId: submitted.turnId,
        after: submitted.after,
        until: flags.wait ? 'ended' : 'begun',
        onEntries: async (entries) => {
          notices.observe(entries)
          if (!flags.wait) return
          watch.observe(entries)
          await output.write(entries)
        },
        signal,
      }).finally(() => output.finish()) // Also what has come of an answer when nobody waits for the rest of it.
      await this.report({ threadId, requestId, submitted, outcome }, flags)
    } catch (error) {
      throw withRequestId(error, requestId)
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

  /** On stderr, whatever stdout is: the turn waits until somebody answers. */
  private noticeApproval(approval: Approval): void {
    const options = { paint: createPaint(false), now: Date.now(), commandToCopy: this.commandToCopy }
    this.notice(`The turn waits for an answer:\n${approvalText(approval, options).trimEnd()}`)
  }

  private async report(
    { threadId, requestId, submitted, outcome }: Posted,
    { json, wait }: { readonly json: boolean; readonly wait: boolean },
  ): Promise<void> {
    const { turnId, duplicate } = submitted
    const { status, reason } = outcome
    if (json)
      await this.writeJson({ threadId, turnId, status, duplicate, requestId, ...(reason === null ? {} : { reason }) })
    else if (status === 'inProgress') await this.write(`${visibleLine(turnId)}\n`)
    const failure = failures[status]
    if (!failure) return
    this.isReported = true
    // The readable form has shown it already.
    const because = reason === null || (wait && !json) ? '' : `: ${reason}`
    const options = outcome.isUnauthorized && this.link ? { hint: await unauthorizedHint(this.link, process.env) } : {}
    throw new ShareError(failure, `the turn ${status === 'failed' ? 'failed' : 'was interrupted'}${because}`, options)
  }

  private output(
    { json, verbose }: { readonly json: boolean; readonly verbose: boolean },
    requestId: string,
    { duplicate }: SubmittedPrompt,
  ): EntryOutput {
    const write = async (text: string | Uint8Array) => {
      await this.turnWatch.question
      await this.write(text)
    }
    return formats[formatOf({ json })].follow(write, {
      ...this.textOptions(verbose),
      live: process.stdout.isTTY === true,
      ...(duplicate ? {} : { ownRequestId: requestId }),
    })
  }

  protected override onInterrupt(): void {
    this.turnWatch.onCtrlC()
  }
}
