/** The commands that begin with a slash, and which of them the text in the composer may become. Pure. */
import type { UiAction } from '../state/ui-action.ts'
import type { UiCommand } from './command.ts'

interface SlashCommand {
  readonly name: string
  readonly about: string
  readonly intent: UiCommand | UiAction
}

export const slashCommands: readonly SlashCommand[] = [
  {
    name: '/share',
    about: 'share this session, join another, stop',
    intent: { type: 'overlay', overlay: { kind: 'share', selected: 0 } },
  },
  { name: '/new', about: 'start a new private thread', intent: { do: 'new' } },
  { name: '/resume', about: 'go on with another thread', intent: { do: 'openPicker', purpose: 'resume' } },
  { name: '/interrupt', about: 'end the running turn', intent: { do: 'interrupt' } },
  { name: '/who', about: 'who is on this thread', intent: { do: 'who' } },
  { name: '/history', about: 'read the whole thread in a pager', intent: { do: 'history' } },
  { name: '/help', about: 'keys and commands', intent: { do: 'help' } },
  { name: '/quit', about: 'leave', intent: { do: 'quit' } },
]

/** The commands that the text is the beginning of; none when it is not the beginning of a command. */
export function completions(text: string): readonly SlashCommand[] {
  if (!/^\/[a-z]*$/.test(text)) return []
  return slashCommands.filter(({ name }) => name.startsWith(text))
}

/** The command meant by a text that was sent: its whole name, or a beginning that only one has. */
export function findCommand(text: string): SlashCommand | undefined {
  const word = text.trim()
  const possible = completions(word)
  return possible.find(({ name }) => name === word) ?? (possible.length === 1 ? possible[0] : undefined)
}
