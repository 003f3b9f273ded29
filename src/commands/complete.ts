/** `complete`: asked by the shells what could come next; see `shell-init`. */

import { type Endpoint, parseEndpoint } from '../client/endpoint.ts'
import { openClient } from '../client/open-client.ts'
import { resolvePlaces } from '../platform/runtime-dir.ts'
import { safeLine } from '../render/safe-text.ts'
import { BaseCommand } from './base-command.ts'
import { beginningLike, type Candidate, type CommandShape, completionsOf } from './completion/candidates.ts'

const answerMs = 1500
const longestAbout = 60

export default class Complete extends BaseCommand {
  static override hidden = true
  static override strict = false
  static override summary = 'Candidates for the last of the words, one a line, with a tab before what they are about.'

  override async run(): Promise<void> {
    const words = this.argv[0] === '--' ? this.argv.slice(1) : this.argv
    const wanted = completionsOf({ words, commands: this.shapes(), topics: this.topics() })
    const candidates = wanted === 'thread' ? beginningLike(words.at(-1) ?? '', await threads(words)) : wanted
    const lines = candidates.map(({ text, about }) => `${text}\t${safeLine(about).slice(0, longestAbout)}\n`)
    await this.write(lines.join(''))
  }

  private shapes(): CommandShape[] {
    return this.config.commands
      .filter(({ hidden }) => !hidden)
      .map(({ id, summary = '', flags, args }) => ({
        id,
        summary,
        takesThread: Object.keys(args)[0] === 'thread',
        flags: Object.values(flags)
          .filter(({ hidden }) => !hidden)
          .map((flag) => ({
            name: flag.name,
            char: flag.char ?? null,
            summary: flag.summary ?? flag.description ?? '',
            takesValue: flag.type === 'option',
            values: flag.type === 'option' ? (flag.options ?? []) : [],
          })),
      }))
  }

  private topics(): Candidate[] {
    return this.config.topics
      .filter(({ hidden, name }) => !hidden && this.config.commandIDs.some((id) => id.startsWith(`${name}:`)))
      .map(({ name, description = '' }) => ({ text: name, about: description }))
  }
}

/** Names first. Whoever presses a key waits for this: a daemon that does not run is not started, and trouble is no candidate. */
async function threads(words: readonly string[]): Promise<Candidate[]> {
  try {
    const endpoint = endpointOf(words)
    const client = await openClient({
      endpoint,
      identity: { kind: 'script', label: 'completion', readOnly: true },
      notice: () => {},
      deadlineMs: answerMs,
    })
    const { threads: shared } = await client.call('share/list', {}, { timeoutMs: answerMs })
    client.close()
    const named = shared.flatMap(({ name, preview }) => (name === null ? [] : [{ text: name, about: preview ?? '' }]))
    const ids = shared.map(({ threadId, name, preview }) => ({ text: threadId, about: name ?? preview ?? '' }))
    return [...named, ...ids, { text: 'last', about: 'the one that was used last' }]
  } catch {
    return []
  }
}

function endpointOf(words: readonly string[]): Endpoint {
  const at = words.indexOf('--server')
  const endpoint = parseEndpoint(at === -1 ? undefined : words[at + 1], resolvePlaces(process.env))
  return endpoint.kind === 'own' ? { kind: 'given', path: endpoint.path } : endpoint
}
