/** The command line's start: loads the plugins that the arguments need, runs oclif, and turns what escapes into an exit code. */
import { flush, type Interfaces, Plugin, run } from '@oclif/core'
import { userName } from '../platform/places/user-name.ts'
import { endWhenOutputFails } from './broken-pipe.ts'
import { reportFailure, wantsJson } from './failure.ts'
import { addShortForms, withDefaultCommand } from './short-form.ts'
import { failWhenUnfinished } from './unfinished.ts'
import { refuseUnexpectedWord, refuseUnknownCommand } from './unknown-command.ts'

/** For our own program only: as `oclif.plugins` in package.json they would come with us into every program that has us as a plugin. */
const companions = ['@oclif/plugin-help', '@oclif/plugin-not-found', '@oclif/plugin-autocomplete']

/** Runs the arguments. The process ends by itself when all is done; after an error it is ended with that error's exit code. */
export async function main(program: Plugin, argv: readonly string[]): Promise<void> {
  // The starter of the daemon may leave, and the demo has to clean up; everything else is done when nobody reads its result.
  endWhenOutputFails({ except: argv[0] === 'demo' || (argv[0] === 'daemon' && argv[1] === 'run') })
  const finished = failWhenUnfinished((error) => process.exit(reportFailure(error, { json: wantsJson(argv) })))
  try {
    await program.load()
    addShortForms(program)
    const args = withDefaultCommand(argv, program.commandIDs)
    const options = await loadOptions(program, args)
    const known = [...options.plugins.values()].flatMap(idsAndAliases)
    const isHelp = args[0] === 'help'
    const words = isHelp ? args.slice(1) : args
    // On a terminal the not-found plugin asks, but not what help is wanted for.
    if (isHelp || !process.stdin.isTTY) refuseUnknownCommand(words, known)
    refuseUnexpectedWord(words, program.commands)
    setShell(process.env)
    await run(args, options)
    await flush()
    finished()
  } catch (error) {
    const exitCode = reportFailure(error, { json: wantsJson(argv) })
    await flush()
    process.exit(exitCode)
  }
}

/**
 * oclif's own plugins (help, suggestions, completion) have no part in a command of ours that is named in full, and finding
 * them takes longer than most commands: they are loaded for everything else.
 */
async function loadOptions(program: Plugin, args: readonly string[]) {
  const { root } = program
  const others = isOwnCommand(args, program.commandIDs) ? [] : await loadCompanions(root)
  return {
    root,
    plugins: new Map([program, ...others].map((plugin) => [plugin.name, plugin])),
  } satisfies Interfaces.LoadOptions
}

/** Without SHELL oclif asks the system for it, and fails for a user id without an entry there. */
function setShell(env: NodeJS.ProcessEnv): void {
  if (env.SHELL === undefined && userName() === undefined) env.SHELL = '/bin/sh'
}

function idsAndAliases({ commands }: Plugin): string[] {
  return commands.flatMap(({ id, aliases }) => [id, ...aliases])
}

function isOwnCommand([first = '', second = '']: readonly string[], commandIds: readonly string[]): boolean {
  return commandIds.includes(first) || commandIds.includes(`${first}:${second}`)
}

async function loadCompanions(root: string): Promise<Plugin[]> {
  const plugins = companions.map((name) => new Plugin({ name, root, type: 'core' }))
  await Promise.all(plugins.map((plugin) => plugin.load()))
  // For those who look for oclif's; people are shown `shell-init`, which knows threads, and one way is enough.
  for (const command of plugins.flatMap(({ commands }) => commands)) {
    if (command.id.startsWith('autocomplete')) command.hidden = true
  }
  return plugins
}
