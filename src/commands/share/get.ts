/** `share get`: reads back what happened in a thread. */
import { Flags } from '@oclif/core'
import { type EventPage, readEvents } from '../../client/following/read-events.ts'
import { shellWord } from '../../protocol/text/shell-word.ts'
import type { EventRenderer } from '../../render/event-renderer.ts'
import { ConnectedCommand, threadFlag } from '../base/connected-command.ts'
import { afterFlag, eventId, fromFlag, parseStartingPoint } from '../input/starting-point.ts'
import { nothingReadable } from '../output/entry-output.ts'
import { type Format, formatFlag, formatOf, formats, verboseFlag } from '../output/formats.ts'

export default class ShareGet extends ConnectedCommand {
  static override summary = 'Read back what happened in a thread.'
  static override description =
    'Without --from and --after the newest events. When there are more, their beginning is told: as `next` in JSON, else on stderr.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --thread last',
    '<%= config.bin %> <%= command.id %> --thread release --from 2h --format markdown',
    '<%= config.bin %> <%= command.id %> --thread release --after 1234 --limit 500 --json',
  ]

  static override flags = {
    thread: threadFlag,
    from: fromFlag,
    after: afterFlag,
    limit: Flags.integer({ char: 'n', default: 100, min: 1, description: 'Most events to read.' }),
    format: formatFlag,
    verbose: verboseFlag,
  }

  override async run(): Promise<void> {
    const { flags } = await this.parse(ShareGet)
    const from = flags.from === undefined ? undefined : parseStartingPoint(flags.from, Date.now())
    const after = flags.after === undefined ? undefined : eventId(flags.after, '--after')
    const link = this.connect(flags)
    const { threadId } = await this.resolveToRead(link, flags.thread)
    const page = await link.read((client) => readEvents({ client, threadId, from, after, limit: flags.limit }))
    const format = formats[formatOf(flags)]
    const text = render(page, format.page(this.textOptions(flags.verbose), { threadId, next: page.next }))
    await this.write(text)
    if (text === '') this.notice(page.events.length === 0 ? 'no events' : nothingReadable)
    if (page.next !== null && !format.namesNext) this.notice(`There is more: ${this.continuation(flags, page.next)}`)
  }

  /** The command that reads the next page in the same way. */
  private continuation(flags: { thread: string; limit: number; format: Format; verbose: boolean }, after: number) {
    const words = [
      `get --thread ${shellWord(flags.thread)} --after ${after} --limit ${flags.limit}`,
      ...(flags.format === 'text' ? [] : [`--format ${flags.format}`]),
      ...(flags.verbose ? ['--verbose'] : []),
    ]
    return this.commandToCopy(words.join(' '))
  }
}

function render({ events, gap }: EventPage, renderer: EventRenderer): string {
  const pieces = events.map((event) => renderer.renderEvent(event))
  return (gap ? renderer.renderGap(gap) : '') + pieces.join('') + renderer.finish()
}
