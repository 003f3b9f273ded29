/** `complete`: asked by the shells what could come next; see `shell-init`. */
import { withDefaultCommand } from '../cli/short-form.ts'
import { visibleLine } from '../protocol/text/visible-text.ts'
import { truncateToWidth } from '../render/terminal/display-width.ts'
import { proseLine } from '../render/terminal/prose-text.ts'
import { BaseCommand } from './base/base-command.ts'
import { readBashLine } from './completion/bash-line.ts'
import {
  beginningLike,
  type Candidate,
  type CommandShape,
  completionsOf,
  type Wanted,
} from './completion/candidates.ts'
import { filesLike } from './completion/files-like.ts'
import { sharedThreads } from './completion/shared-threads.ts'

const longestAbout = 60

/** Answered by oclif itself, for every command. */
const helpFlag = {
  ...{ name: 'help', char: 'h', summary: 'Show help.' },
  ...{ takesValue: false, allowNo: false, values: [] },
}

export default class Complete extends BaseCommand {
  static override hidden = true
  static override strict = false
  static override summary = 'Candidates for the last of the words, one a line, with a tab before what they are about.'

  /** `complete -- WORD…`, or `complete bash "$COMP_WORDBREAKS" LINE`, which has what bash is to insert and no more. */
  override async run(): Promise<void> {
    const [form, ...rest] = this.argv
    if (form !== 'bash') {
      const candidates = await this.candidates(form === '--' ? rest : this.argv)
      return this.write(candidates.map(({ text, about }) => `${text}\t${shorten(about)}\n`).join(''))
    }
    const [breaks = '', line = ''] = rest
    const { words, insertionFor } = readBashLine(line, breaks)
    const candidates = await this.candidates(words.slice(1))
    return this.write(candidates.map(({ text }) => `${insertionFor(text)}\n`).join(''))
  }

  /** What has control characters, as an old name of a thread may, nobody can type: it is left out. */
  private async candidates(typed: readonly string[]): Promise<Candidate[]> {
    const words = typed[0]?.startsWith('-') ? withDefaultCommand(typed, this.config.commandIDs) : typed
    const wanted = completionsOf({ words, commands: this.shapes(), topics: this.topics() })
    const candidates = 'kind' in wanted ? await lookUp(wanted, words) : wanted
    return candidates.filter(({ text }) => visibleLine(text) === text)
  }

  private shapes(): CommandShape[] {
    return this.config.commands
      .filter(({ hidden }) => !hidden)
      .map(({ id, summary = '', flags, args }) => ({
        id,
        summary,
        takesThread: Object.keys(args)[0] === 'thread',
        flags: [
          ...Object.values(flags)
            .filter(({ hidden }) => !hidden)
            .map((flag) => ({
              name: flag.name,
              char: flag.char ?? null,
              summary: flag.summary ?? flag.description ?? '',
              takesValue: flag.type === 'option',
              allowNo: flag.type === 'boolean' && flag.allowNo === true,
              values: flag.type === 'option' ? (flag.options ?? []) : [],
            })),
          helpFlag,
        ],
      }))
  }

  private topics(): Candidate[] {
    return this.config.topics
      .filter(({ hidden, name }) => !hidden && this.config.commandIDs.some((id) => id.startsWith(`${name}:`)))
      .map(({ name, description = '' }) => ({ text: name, about: description }))
  }
}

async function lookUp({ kind, word, before }: Wanted, words: readonly string[]): Promise<Candidate[]> {
  const found = kind === 'thread' ? await sharedThreads(words) : filesLike(word)
  return beginningLike(word, found).map(({ text, about }) => ({ text: before + text, about }))
}

/** Cut between words. */
function shorten(about: string): string {
  const line = proseLine(about)
  const cut = truncateToWidth(line, longestAbout)
  return cut === line ? line : `${cut.slice(0, cut.lastIndexOf(' '))} …`
}
