/** Lists what could come next on a command line of ours. Pure: the threads are asked for only where one is meant. */

export interface CommandShape {
  /** With colons: `share:post`. */
  readonly id: string
  readonly summary: string
  readonly flags: readonly FlagShape[]
  /** Its first argument is a thread. */
  readonly takesThread: boolean
}

interface FlagShape {
  readonly name: string
  readonly char: string | null
  readonly summary: string
  readonly takesValue: boolean
  /** It can be turned off with `--no-NAME`. */
  readonly allowNo: boolean
  readonly values: readonly string[]
}

export interface Candidate {
  readonly text: string
  readonly about: string
}

interface Line {
  /** What was typed after the program's name; the last is the word to be completed, maybe empty. */
  readonly words: readonly string[]
  readonly commands: readonly CommandShape[]
  readonly topics: readonly Candidate[]
}

/** What the caller has to look up: threads, or files, that begin like `word`; `before` goes in front of each again. */
export interface Wanted {
  readonly kind: 'thread' | 'file'
  readonly word: string
  readonly before: string
}

/** The candidates that begin like the last word, or what to look up for it. */
export function completionsOf({ words, commands, topics }: Line): readonly Candidate[] | Wanted {
  const word = words.at(-1) ?? ''
  const before = words.slice(0, -1)
  const found = commandOf(before, commands)
  if (!found) return beginningLike(word, nextWords(before, commands, topics))
  const { command, rest } = found
  const previous = command.flags.find((flag) => isFlag(flag, before.at(-1)))
  if (previous?.takesValue) return valuesOf(previous, word, '')
  const [, name, value = ''] = /^--([^=]+)=(.*)$/.exec(word) ?? []
  const assigned = command.flags.find((flag) => flag.takesValue && flag.name === name)
  if (assigned) return valuesOf(assigned, value, `--${name}=`)
  if (word.startsWith('-')) return beginningLike(word, flagsLeft(command, rest))
  const takesThread = command.takesThread && !rest.some((text) => !text.startsWith('-'))
  return takesThread ? { kind: 'thread', word, before: '' } : []
}

function valuesOf({ name, values }: FlagShape, word: string, before: string): readonly Candidate[] | Wanted {
  if (name === 'thread') return { kind: 'thread', word, before }
  if ((name === 'prompt' || name === 'match') && word.startsWith('@'))
    return { kind: 'file', word: word.slice(1), before: `${before}@` }
  const candidates = values.map((text) => ({ text: before + text, about: '' }))
  return beginningLike(before + word, candidates)
}

export function beginningLike(word: string, candidates: readonly Candidate[]): Candidate[] {
  return candidates.filter(({ text }) => text.startsWith(word))
}

/** The command that the words name, and the words behind its name; the short form of `share` counts. */
function commandOf(words: readonly string[], commands: readonly CommandShape[]) {
  const [first = '', second = ''] = words
  const names: readonly (readonly [string, number])[] = [
    [`${first}:${second}`, 2],
    [first, 1],
    [`share:${first}`, 1],
  ]
  for (const [id, length] of names) {
    const command = commands.find((candidate) => candidate.id === id)
    if (command) return { command, rest: words.slice(length) }
  }
  return undefined
}

function nextWords(
  before: readonly string[],
  commands: readonly CommandShape[],
  topics: readonly Candidate[],
): Candidate[] {
  const [topic, ...more] = before
  if (more.length > 0) return []
  const below = (prefix: string) =>
    commands
      .filter(({ id }) => id.startsWith(prefix) && !id.slice(prefix.length).includes(':'))
      .map(({ id, summary }) => ({ text: id.slice(prefix.length), about: summary }))
  if (topic !== undefined) return below(`${topic}:`)
  const top = [...topics, ...below('')]
  const short = below('share:').filter(({ text }) => !top.some((other) => other.text === text))
  return [...top, ...short]
}

function flagsLeft({ flags }: CommandShape, used: readonly string[]): Candidate[] {
  const names = used.map((text) => text.split('=')[0] ?? '')
  return flags
    .filter((flag) => !names.some((name) => isFlag(flag, name) || name === `--no-${flag.name}`))
    .flatMap(({ name, summary, allowNo }) =>
      (allowNo ? [name, `no-${name}`] : [name]).map((text) => ({ text: `--${text}`, about: summary })),
    )
}

function isFlag({ name, char }: FlagShape, text: string | undefined): boolean {
  return text === `--${name}` || (char !== null && text === `-${char}`)
}
