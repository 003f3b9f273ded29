/** `share interrupt`: ends the running turn of a thread. */
import { Flags } from '@oclif/core'
import { interruptTurn } from '../../client/submitting/interrupt-turn.ts'
import { awakeTimeout } from '../../platform/time/awake-clock.ts'
import { ShareError } from '../../protocol/errors.ts'
import { visibleLine } from '../../protocol/text/visible-text.ts'
import { duration } from '../../render/terminal/clock.ts'
import { ConnectedCommand, threadFlag } from '../base/connected-command.ts'
import { parseTimeSpan } from '../input/time-span.ts'

export default class ShareInterrupt extends ConnectedCommand {
  static override summary = 'Interrupt the turn that runs in a thread.'
  static override description = 'Returns when the turn has ended. Where none runs, says so and changes nothing.'
  static override examples = ['<%= config.bin %> <%= command.id %> --thread release']

  static override flags = {
    thread: threadFlag,
    timeout: Flags.string({
      helpValue: 'SPAN',
      default: '30s',
      description: 'How long to wait for its end, such as 90s or 5m; a number alone is seconds.',
    }),
  }

  override async run(): Promise<void> {
    const { flags } = await this.parse(ShareInterrupt)
    const ms = parseTimeSpan(flags.timeout, '--timeout')
    const limit = new AbortController()
    const { signal } = limit
    const giveUp = () => limit.abort(new ShareError('timedOut', `the turn has not ended within ${duration(ms)}`))
    awakeTimeout(giveUp, ms).unref()
    const link = this.connect(flags, { toAct: 'interrupt', signal })
    const { threadId } = await this.resolveToRead(link, flags.thread, signal)
    const turn = await interruptTurn({ link, threadId, signal })
    if (flags.json) await this.writeJson({ threadId, turnId: turn?.turnId ?? null, status: turn?.status ?? null })
    else if (turn) await this.write(`Turn ${visibleLine(turn.turnId)}: ${visibleLine(turn.status)}\n`)
    else this.notice('No turn is running.')
  }
}
