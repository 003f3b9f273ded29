/** The short form of our own program: `codex-share post` is `codex-share share post`, and with nothing but flags it is the terminal UI. */
import type { Plugin } from '@oclif/core'

const topic = 'share:'

/** Flags that oclif itself answers at the top. */
const oclifFlags = new Set(['--help', '-h', '--version', '-v'])

/** The arguments, with `tui` in front where no command is named. `commandIds` are oclif's, with colons. */
export function withDefaultCommand(argv: readonly string[], commandIds: readonly string[]): string[] {
  const [first] = argv
  const opensUi = first === undefined || (first.startsWith('-') && !oclifFlags.has(first))
  return opensUi && commandIds.includes('tui') ? ['tui', ...argv] : [...argv]
}

/** The verbs of `share` that can go without it: those whose name no other command or topic has. */
export function shortForms(commandIds: readonly string[]): string[] {
  const verbs = commandIds.filter((id) => id.startsWith(topic)).map((id) => id.slice(topic.length))
  return verbs.filter((verb) => !commandIds.some((id) => id === verb || id.startsWith(`${verb}:`)))
}

/**
 * Adds the short forms to a loaded plugin as commands of their own, so that help, usage, suggestions and completion know them. For our
 * own program only: in another one the names at the top are that program's.
 */
export function addShortForms(program: Plugin): void {
  for (const verb of shortForms(program.commandIDs)) {
    const long = program.commands.find(({ id }) => id === topic + verb)
    if (!long) continue
    program.commands.push({ ...long, id: verb })
    program.commandIDs.push(verb)
  }
}
