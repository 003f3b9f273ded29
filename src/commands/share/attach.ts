/** `share attach`: opens the stock Codex UI on a shared thread, and hands it the terminal. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { Args } from '@oclif/core'
import { codexSetting } from '../../client/codex-setting.ts'
import { parseEndpoint, type UnixEndpoint } from '../../client/connection/endpoint.ts'
import { findCodex } from '../../codex/binary/find-codex.ts'
import { resolvePlaces } from '../../platform/places/resolve-places.ts'
import { currentFolder } from '../../platform/places/work-folder.ts'
import { ShareError } from '../../protocol/errors.ts'
import { type ConnectionFlags, LinkedCommand, labelOf } from '../base/connected-command.ts'

export default class ShareAttach extends LinkedCommand {
  static override summary = 'Open the stock Codex UI on a shared thread.'
  static override description =
    'Several can be open on one thread, together with scripts: all see the same. A prompt that is typed into somebody else’s turn is kept, and submitted when that is over.'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> release']

  static override args = {
    thread: Args.string({
      description:
        'Its id, the beginning of its id, its name, or `last`. Without it the last, or a new one if none is shared.',
    }),
  }

  private hasTerminal = true

  override async run(): Promise<void> {
    const { flags, args } = await this.parse(ShareAttach)
    if (process.stdin.isTTY !== true || process.stdout.isTTY !== true)
      throw new ShareError('usage', 'the stock Codex UI needs a terminal', {
        hint: 'For scripts there are `codex-share post`, `tail` and `get`; see `codex-share --help`.',
      })
    const { env } = process
    const places = resolvePlaces(env)
    const endpoint = parseEndpoint(flags.server, places)
    if (endpoint.kind === 'ssh')
      throw new ShareError('usage', 'the stock Codex UI cannot be attached over ssh', {
        hint: 'Run `codex-share attach` on that machine, or `codex-share --server …` here for our own UI.',
      })
    const threadId = await this.whichThread(flags, args.thread)
    const identity = { kind: 'script', label: labelOf(flags.as) } as const
    const setting = await codexSetting({ places, identity, notice: this.notice })
    const packageFrom = import.meta.filename
    const codex = await findCodex({ setting, env, packageFrom, cwd: currentFolder() })
    const remote = ['--remote', `unix://${join(dirname(this.daemonSocket(endpoint)), 'codex.sock')}`]
    const words = threadId === undefined ? remote : ['resume', ...remote, threadId]
    this.link?.close()
    this.hasTerminal = false
    const child = spawn(codex.path, [...codex.args, ...words], { stdio: 'inherit', env: { ...env, ...codex.env } })
    const [code, signal]: unknown[] = await once(child, 'exit')
    if (typeof code === 'number') return this.exit(code)
    const number = Object.entries(constants.signals).find(([name]) => name === signal)?.[1] ?? 0
    this.exit(128 + number)
  }

  /** Of the daemon that was asked for the thread. */
  private daemonSocket({ path }: UnixEndpoint): string {
    const reached = this.link?.reached
    return reached && 'path' in reached && reached.path !== null ? reached.path : path
  }

  private async whichThread(flags: ConnectionFlags, wanted: string | undefined): Promise<string | undefined> {
    const link = this.connect(flags, { toAct: 'attach' })
    try {
      return (await this.resolve(link, wanted ?? 'last')).threadId
    } catch (error) {
      if (wanted === undefined && error instanceof ShareError && error.errorName === 'notFound') return undefined
      throw error
    }
  }

  /** While the other UI has the terminal, Ctrl-C is for that one to understand. */
  protected override onInterrupt(): void {
    if (this.hasTerminal) super.onInterrupt()
  }
}
