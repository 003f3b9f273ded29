/** `daemon logs`: what the daemon wrote down. */
import { Flags } from '@oclif/core'
import { leaveWhenReaderGoes } from '../../cli/reader-watch.ts'
import { escapeControls } from '../../protocol/text/safe-json.ts'
import { logLine, logTime } from '../../render/log-line.ts'
import { installedService } from '../../supervision/installed-service.ts'
import { followJournal, type JournalOptions, readJournal } from '../../supervision/systemd/journal.ts'
import { DaemonCommand } from '../base/daemon-command.ts'
import { parseTime } from '../input/starting-point.ts'
import { followLog } from '../output/log-file.ts'

export default class DaemonLogs extends DaemonCommand {
  static override summary = "Show the daemon's log."
  static override description =
    'Reads the files, or the journal where systemd keeps the daemon; also when the daemon does not run. With --json the lines as they were written, but for control characters, which are escaped.'

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --since 1h',
    '<%= config.bin %> <%= command.id %> --follow',
  ]

  static override flags = {
    follow: Flags.boolean({ char: 'f', description: 'Go on with what comes, until Ctrl-C.' }),
    lines: Flags.integer({ char: 'n', min: 0, description: 'How many of the newest lines; 50, or with --since all.' }),
    since: Flags.string({
      helpValue: 'WHEN',
      description: 'Only from then on: a time, @unix-seconds, or an age such as 10m.',
    }),
  }

  override async run(): Promise<void> {
    const { flags } = await this.parse(DaemonLogs)
    const { daemonLog } = this.places
    const sinceMs = flags.since === undefined ? undefined : parseTime(flags.since, Date.now(), { flag: '--since' })
    const count = flags.lines ?? (sinceMs === undefined ? 50 : undefined)
    if (installedService(process.env, await this.findPlaces()) === 'systemd')
      return await this.showJournal({ sinceMs, lines: count }, flags)
    const log = followLog(daemonLog)
    const all = (await log.next()).value ?? []
    const wanted = sinceMs === undefined ? all : linesSince(all, sinceMs)
    await this.show(wanted.slice(Math.max(0, wanted.length - (count ?? wanted.length))), flags.json)
    if (!flags.follow) {
      if (all.length === 0) this.notice(`Nothing was logged yet in ${daemonLog}`)
      return void (await log.return())
    }
    leaveWhenReaderGoes()
    for await (const lines of log) await this.show(lines, flags.json)
  }

  private async showJournal(wanted: JournalOptions, { follow, json }: { follow: boolean; json: boolean }) {
    if (follow) {
      // Where it cannot be read, this says so.
      await readJournal({ lines: 1 }, process.env)
      leaveWhenReaderGoes()
      for await (const lines of followJournal(wanted, process.env)) await this.show(lines, json)
      return
    }
    const lines = await readJournal(wanted, process.env)
    await this.show(lines, json)
    if (lines.length === 0) this.notice('Nothing was logged yet in the journal')
  }

  private show(lines: readonly string[], json: boolean): Promise<void> {
    return this.write(lines.map((line) => `${json ? escapeControls(line) : logLine(line, this.paint)}\n`).join(''))
  }
}

/** A line without a time (a stack of a crash) belongs to the one before it. */
function linesSince(lines: readonly string[], sinceMs: number): readonly string[] {
  const first = lines.findIndex((line) => (logTime(line) ?? Number.NEGATIVE_INFINITY) >= sinceMs)
  return first === -1 ? [] : lines.slice(first)
}
