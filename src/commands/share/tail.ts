/** `share tail`: follows a thread as it happens. */
import { Flags } from '@oclif/core'
import { leaveWhenReaderGoes } from '../../cli/reader-watch.ts'
import { followThread } from '../../client/following/follow-thread.ts'
import { visibleLine } from '../../protocol/text/visible-text.ts'
import { ConnectedCommand, threadFlag } from '../base/connected-command.ts'
import { afterFlag, eventId, fromFlag, parseStartingPoint } from '../input/starting-point.ts'
import { type EntryOutput, nothingReadable } from '../output/entry-output.ts'
import { FollowNotices } from '../output/follow-notices.ts'
import { formatOf, formats, verboseFlag } from '../output/formats.ts'
import { IdleWatch } from '../watching/idle-watch.ts'

/** Long enough for whatever an update or a service manager does; a daemon that was stopped for good ends the following at last. */
const reconnectMs = 600_000

export default class ShareTail extends ConnectedCommand {
  static override summary = 'Follow a thread: what was, then what comes.'
  static override description =
    'Without --from and --after it begins with what comes next. It goes on by itself after a restart of the daemon, without losing or repeating an event. Ctrl-C ends it.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --thread last',
    '<%= config.bin %> <%= command.id %> --thread release --from 10m',
    '<%= config.bin %> <%= command.id %> --thread release --after 1234 --json',
  ]

  static override flags = {
    thread: threadFlag,
    from: fromFlag,
    after: afterFlag,
    'until-idle': Flags.boolean({ description: 'Leave when all is shown and no turn runs.' }),
    verbose: verboseFlag,
  }

  override async run(): Promise<void> {
    const { flags } = await this.parse(ShareTail)
    const from = flags.from === undefined ? undefined : parseStartingPoint(flags.from, Date.now())
    const after = flags.after === undefined ? undefined : eventId(flags.after, '--after')
    const link = this.connect(flags, { reconnectMs })
    const { threadId, name } = await this.resolveToRead(link, flags.thread)
    leaveWhenReaderGoes()
    if (process.stdout.isTTY && from === undefined && after === undefined && !flags['until-idle'])
      this.notice(`following ${name === null ? threadId : visibleLine(name)} from now on; Ctrl-C ends it`)
    const notices = new FollowNotices(this.notice)
    let empty = true
    const output = this.output(flags)
    this.finish = () => output.finish()
    const idle = flags['until-idle'] ? new IdleWatch() : undefined
    try {
      for await (const entries of followThread({ link, threadId, from, after })) {
        await output.write(entries)
        empty &&= entries.every(({ kind }) => kind !== 'event' && kind !== 'gap')
        notices.observe(entries)
        if (idle?.isIdleAfter(entries)) break
      }
    } finally {
      await output.finish()
    }
    if (idle && !this.hasWritten) this.notice(empty ? 'no events' : nothingReadable)
  }

  private hasWritten = false
  private finish: (() => Promise<void>) | undefined

  /** What has come of an answer is written before leaving; a second Ctrl-C does not wait for that. */
  protected override onInterrupt(): void {
    const leave = () => super.onInterrupt()
    const { finish } = this
    this.finish = undefined
    if (finish) finish().then(leave, leave)
    else leave()
  }

  private output({ json, verbose }: { readonly json: boolean; readonly verbose: boolean }): EntryOutput {
    const write = (text: string | Uint8Array) => {
      this.hasWritten ||= text.length > 0
      return this.write(text)
    }
    return formats[formatOf({ json })].follow(write, {
      ...this.textOptions(verbose),
      live: process.stdout.isTTY === true,
    })
  }
}
