/** `tui`: the terminal UI; what `codex-share` opens when nothing else is asked for. */
import { Flags } from '@oclif/core'
import { codexSetting } from '../client/codex-setting.ts'
import { parseEndpoint } from '../client/connection/endpoint.ts'
import { resolvePlaces } from '../platform/places/resolve-places.ts'
import { currentFolder } from '../platform/places/work-folder.ts'
import { uiStateFile } from '../platform/state-file.ts'
import { ShareError } from '../protocol/errors.ts'
import { BaseCommand } from './base/base-command.ts'
import { labelOf } from './base/connected-command.ts'
import { loadTui } from './load-tui.ts'

export default class Tui extends BaseCommand {
  static override summary = 'Work with Codex in the terminal, alone or in a shared session.'
  static override description =
    'It starts with a private session (LOCAL), or goes back into the shared one it was left in. Inside, /share starts, joins and stops sharing, and /help lists everything.'
  static override examples = ['<%= config.bin %>', '<%= config.bin %> --thread last', '<%= config.bin %> --local']

  static override flags = {
    thread: Flags.string({
      char: 't',
      helpValue: 'THREAD',
      description: 'Join this shared session: its id, the beginning of its id, its name, or `last`.',
      exclusive: ['local', 'new'],
    }),
    server: Flags.string({
      helpValue: 'URL',
      description:
        'The daemon: unix:///PATH for its socket, ssh://[user@]host[:port] for one on another machine. Without it your own daemon, which is started when it is needed.',
    }),
    as: Flags.string({
      helpValue: 'NAME',
      description: 'The name that others see for you. Without it your login name.',
    }),
    local: Flags.boolean({ description: 'Do not go back into a shared session; go on with the last private one.' }),
    new: Flags.boolean({ description: 'Start with a new private session.' }),
    'read-only': Flags.boolean({ description: 'Watch only: post, answer and interrupt nothing.' }),
    'screen-reader': Flags.boolean({
      description: 'Words in place of marks, and no redrawing (or INK_SCREEN_READER=true).',
    }),
  }

  override async run(): Promise<void> {
    const { flags } = await this.parse(Tui)
    if (process.stdin.isTTY !== true || process.stdout.isTTY !== true)
      throw new ShareError('usage', 'the terminal UI needs a terminal', {
        hint: 'For scripts there are `codex-share post`, `tail` and `get`; see `codex-share --help`.',
      })
    const places = resolvePlaces(process.env)
    const cwd = currentFolder()
    const { runTui } = await loadTui()
    await runTui({
      endpoint: parseEndpoint(flags.server, places),
      label: labelOf(flags.as),
      readOnly: flags['read-only'],
      screenReader: flags['screen-reader'] || process.env.INK_SCREEN_READER === 'true',
      thread: flags.thread,
      local: flags.local,
      fresh: flags.new,
      stateFile: uiStateFile(places),
      cwd,
      env: process.env,
      codexSetting: await codexSetting({
        places,
        identity: { kind: 'script', label: labelOf(undefined) },
        notice: this.notice,
      }),
    })
    // Not before everything is closed, and without waiting for what was given up.
    this.exit(0)
  }

  /** Ctrl-C is a key of the UI's. */
  protected override onInterrupt(): void {}
}
