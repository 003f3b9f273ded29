/** `share forget`: takes a thread, a turn or a text out of the ledger for good. */
import { Flags } from '@oclif/core'
import type { DaemonClient } from '../../client/connection/daemon-client.ts'
import { promptsOfThread } from '../../client/following/prompts-of-thread.ts'
import { resolvePlaces } from '../../platform/places/resolve-places.ts'
import { forgetInState, uiStateFile } from '../../platform/state-file.ts'
import { ShareError } from '../../protocol/errors.ts'
import type { MethodResult } from '../../protocol/methods.ts'
import { shortestForgettable } from '../../protocol/own-events.ts'
import { visibleLine } from '../../protocol/text/visible-text.ts'
import { askOnTerminal, canAsk } from '../base/ask-on-terminal.ts'
import { ConnectedCommand, threadFlag } from '../base/connected-command.ts'
import { readText } from '../input/read-prompt.ts'

type Result = MethodResult<'share/forget'>

interface Subject {
  readonly threadId: string
  readonly turnId?: string | undefined
  readonly match?: string | undefined
}

/** The daemon reads all events of all threads, writes its file whole, and looks through Codex's files. */
const forgetMs = 600_000
/** Above this size people notice that nobody is served meanwhile. */
const noticeableBytes = 64 * 1024 * 1024

export default class ShareForget extends ConnectedCommand {
  static override summary = 'Take a thread, a turn or a text out of the ledger for good.'
  static override description =
    `Without --turn and --match the whole thread, which is then no longer shared. With --match every event of the thread that has the text: exactly as it is given, upper and lower case told apart, ${shortestForgettable} characters or more. Where events were, everybody sees that some were forgotten, by whom and when. Prompts are also taken out of this user's UI history. Refused while a turn runs.

Codex keeps a record of its own, which is not changed: its path is printed, with those of other files that have the same. A text given on the command line stays in your shell's history: --match - and --match @FILE read it from elsewhere.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> --thread release',
    '<%= config.bin %> <%= command.id %> --thread release --turn 01a20590-456e-70b2-a977-25507630a948',
    'pass show deploy-key | <%= config.bin %> <%= command.id %> --thread release --match - --yes',
  ]

  static override flags = {
    thread: threadFlag,
    turn: Flags.string({
      helpValue: 'ID',
      description: 'Only this turn; `get --json` shows the ids.',
      exclusive: ['match'],
    }),
    match: Flags.string({
      char: 'm',
      helpValue: 'TEXT',
      description: 'Only what has this text. `-` reads it from standard input, `@FILE` from a file.',
    }),
    yes: Flags.boolean({
      char: 'y',
      description: 'Do not ask. Without a terminal nothing is done unless this is given.',
    }),
  }

  override async run(): Promise<void> {
    const { flags } = await this.parse(ShareForget)
    if (!flags.yes && (!canAsk() || flags.match === '-'))
      throw new ShareError('usage', 'what is forgotten does not come back: add --yes, as nobody can be asked here', {
        hint: 'On a terminal this shows what would go, and asks.',
      })
    const match = flags.match === undefined ? undefined : await readMatch(flags.match)
    const client = await this.connect(flags).client()
    const { thread } = await client.call('share/resolve', { thread: flags.thread, open: false, stopped: true })
    const subject: Subject = { threadId: thread.threadId, turnId: flags.turn, match }
    const ask = (dryRun: boolean) => client.call('share/forget', { ...subject, dryRun }, { timeoutMs: forgetMs })
    const found = await ask(true)
    if (!flags.yes && !(await this.isSure(found, subject, thread.name)))
      throw new ShareError('cancelled', 'nothing was forgotten')
    if (found.ledgerBytes > noticeableBytes)
      this.notice(`Writing the ledger whole (${inMiB(found.ledgerBytes)}): others wait some seconds.`)
    const isMeant = await this.meantPrompts(client, subject)
    const result = await ask(false)
    await this.report(result, { isMeant, json: flags.json })
  }

  private async report(result: Result, { isMeant, json }: { isMeant: (text: string) => boolean; json: boolean }) {
    const stateFile = uiStateFile(resolvePlaces(process.env))
    const running = (await forgetInState(stateFile, isMeant)).join(', ')
    const unreached = running === '' ? result.unreached : [...result.unreached, stateFile]
    if (json) await this.writeJson({ ...result, unreached })
    else await this.write(textOf(result, unreached))
    if (running !== '')
      this.notice(`A UI of yours runs (pid ${running}) and remembers what was typed into it until it is closed.`)
    if (result.otherThreads.length > 0)
      this.notice(`Other threads of the ledger have the text as well: ${result.otherThreads.join(', ')}`)
    this.notice('What others have on their screens, in mirrors and in backups is out of reach.')
  }

  private async isSure(found: Result, { match, turnId, threadId }: Subject, name: string | null): Promise<boolean> {
    const thread = name === null ? threadId : visibleLine(name)
    const what = match === undefined && turnId === undefined ? `the whole thread ${thread}: ` : ''
    const where = what === '' ? ` in thread ${thread}` : ''
    const answer = await askOnTerminal(`Forget ${what}${countsOf(found)}${where}, for good? [y/N] `)
    return answer === 'y' || answer === 'yes'
  }

  /** By the text, or by what was prompted in the turn or thread: to be looked up while it is still there. */
  private async meantPrompts(
    client: DaemonClient,
    { threadId, turnId, match }: Subject,
  ): Promise<(text: string) => boolean> {
    if (match !== undefined) return (text) => text.includes(match)
    const prompts = await promptsOfThread(client, threadId, turnId)
    return (text) => prompts.has(text)
  }
}

/** @throws ShareError `usage` */
async function readMatch(value: string): Promise<string> {
  const text = await readText(value, process.stdin, { flag: '--match', what: 'text' })
  if (text.trim().length >= shortestForgettable) return text
  const why = 'less is in nearly everything'
  throw new ShareError('usage', `--match takes ${shortestForgettable} characters or more: ${why}`)
}

function inMiB(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MiB`
}

function countsOf({ events, turns }: Result): string {
  const count = (amount: number, word: string) => `${amount} ${word}${amount === 1 ? '' : 's'}`
  return `${count(events, 'event')} of ${count(turns, 'turn')}`
}

function textOf(result: Result, unreached: readonly string[]): string {
  const done = `Forgotten: ${countsOf(result)} in ${result.threadId}\n`
  if (unreached.length === 0) return done
  return `${done}Not changed, and still with it:\n${unreached.map((path) => `  ${visibleLine(path)}\n`).join('')}`
}
