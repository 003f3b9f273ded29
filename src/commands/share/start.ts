/** `share start`: opens a thread for sharing, a new one or one that Codex has. */

import { statSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { Flags } from '@oclif/core'
import { openThreadMs } from '../../client/resolve-thread.ts'
import { fromHere } from '../../platform/places/work-folder.ts'
import { ShareError } from '../../protocol/errors.ts'
import { threadName } from '../../protocol/text/printable-name.ts'
import { visibleLine } from '../../protocol/text/visible-text.ts'
import { ConnectedCommand } from '../base/connected-command.ts'

export default class ShareStart extends ConnectedCommand {
  static override summary = 'Share a thread: a new one, or one that Codex has already.'
  static override description =
    'Anyone of your own programs and terminals can then post into it, follow it and read it back. Sharing what is shared already changes nothing but its name, when --name gives it a new one.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --name release',
    '<%= config.bin %> <%= command.id %> --thread 01a20590-456e-70b2-a977-25507630a948',
  ]

  static override flags = {
    thread: Flags.string({
      char: 't',
      helpValue: 'THREAD',
      description: 'An existing thread: its id, the beginning of its id, or its name. Without it a new one begins.',
    }),
    name: Flags.string({ char: 'n', description: 'A name for the thread; others can use it instead of the id.' }),
    cwd: Flags.string({
      char: 'C',
      helpValue: 'DIR',
      exclusive: ['thread'],
      description: 'Where a new thread works. Without it the current folder.',
    }),
  }

  override async run(): Promise<void> {
    const { flags } = await this.parse(ShareStart)
    const name = flags.name === undefined ? {} : { name: threadName(flags.name) }
    const where = folder(flags)
    const client = await this.connect(flags, { toAct: 'start' }).client()
    const which = flags.thread === undefined ? where : { threadId: flags.thread }
    const { thread, opened, renamedFrom } = await client.call(
      'share/open',
      { ...which, ...name },
      { timeoutMs: openThreadMs },
    )
    const { threadId } = thread
    const result = {
      threadId,
      name: thread.name,
      endpoint: client.endpoint,
      ...(renamedFrom !== undefined && { renamedFrom }),
    }
    if (flags.json) return await this.writeJson(result)
    if (thread.openIn === 'codex')
      this.notice(
        'It is open in your own Codex, and stays there. What is typed there goes past codex-share: typed while a turn runs that was posted here, it is merged into that turn.',
      )
    const called = thread.name === null ? '' : ` “${visibleLine(thread.name)}”`
    const before = renamedFrom === undefined ? '' : `, renamed from “${visibleLine(renamedFrom)}”`
    const what = { new: 'Sharing a new thread', existing: 'Sharing', already: 'Already shared:' }[opened]
    await this.write(
      [
        `${what}${called}${before}`,
        `  ${this.paint('heading', threadId)}`,
        `  post:  ${this.commandToCopy(`post --thread ${threadId} --prompt "…"`)}`,
        `  tail:  ${this.commandToCopy(`tail --thread ${threadId}`)}`,
        '',
      ].join('\n'),
    )
  }
}

/** On another machine the folder here means nothing. */
function folder({ cwd, server }: { readonly cwd?: string | undefined; readonly server?: string | undefined }) {
  if (!server?.startsWith('ssh://')) {
    const path = fromHere(cwd ?? '.')
    if (cwd === undefined || statSync(path, { throwIfNoEntry: false })?.isDirectory()) return { cwd: path }
    throw new ShareError('usage', `--cwd: there is no folder ${path}`)
  }
  if (cwd === undefined || isAbsolute(cwd)) return cwd === undefined ? {} : { cwd }
  throw new ShareError('usage', `--cwd is a folder on the other machine, and wants an absolute path: got “${cwd}”`)
}
