/** Words that name no command: says which may have been meant, where nobody is there to be asked. */
import type { Command } from '@oclif/core'
import { nearestWord } from '../platform/nearest-word.ts'
import { ShareError } from '../protocol/errors.ts'

/**
 * @param commandIds oclif's, with colons
 * @throws ShareError `usage` when the arguments name no command and no topic
 */
export function refuseUnknownCommand(args: readonly string[], commandIds: readonly string[]): void {
  const [first = '', second = ''] = args
  if (first === '' || first.startsWith('-') || commandIds.includes(first)) return
  const verbs = commandIds.filter((id) => id.startsWith(`${first}:`)).map((id) => id.slice(first.length + 1))
  if (verbs.length === 0) refuse(first, nearestWord(first, topLevel(commandIds)))
  if (second === '' || second.startsWith('-') || verbs.includes(second)) return
  const meant = nearestWord(second, verbs)
  refuse(`${first} ${second}`, meant && `${first} ${meant}`)
}

/**
 * A word behind a command that takes none. oclif would look for a command of both words.
 *
 * @throws ShareError `usage`
 */
export function refuseUnexpectedWord(
  args: readonly string[],
  commands: readonly Pick<Command.Loadable, 'id' | 'args' | 'strict'>[],
): void {
  const words = [2, 1].find((count) => commands.some(({ id }) => id === args.slice(0, count).join(':')))
  const command = commands.find(({ id }) => id === args.slice(0, words).join(':'))
  const next = words === undefined ? '' : (args[words] ?? '')
  if (!command || next === '' || next.startsWith('-') || takesArguments(command)) return
  throw new ShareError('usage', `unexpected argument “${next}”`)
}

function takesArguments({ args, strict }: Pick<Command.Loadable, 'args' | 'strict'>): boolean {
  return strict === false || Object.keys(args ?? {}).length > 0
}

function topLevel(commandIds: readonly string[]): string[] {
  return [...new Set(commandIds.map((id) => id.split(':', 1)[0] ?? id))]
}

function refuse(typed: string, meant: string | undefined): never {
  const suggestion = meant === undefined ? '' : `; did you mean “${meant}”?`
  throw new ShareError('usage', `there is no command “${typed}”${suggestion}`, {
    hint: 'See `codex-share --help` for all commands.',
  })
}
