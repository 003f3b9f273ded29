/** What a scene is: a command under a fault, and what must hold of it afterwards. */
import type { CommandResult } from '../../support/sites/command-site.ts'
import type { Actor } from './step.ts'
import type { World } from './world.ts'

/** What the step does, once it is traced; `env` is for the command. */
export interface Scene {
  readonly name: string
  readonly actors: readonly Actor[]
  /** Makes the state in which the command is run. */
  prepare(world: World): Promise<void>
  act(world: World, env: NodeJS.ProcessEnv): Promise<CommandResult>
  /** What its own promises are, before the next command is run. Returns those that were broken. */
  judge?(world: World, result: CommandResult): string[] | Promise<string[]>
  /** The prompt that was posted: the same request once more must show that it ran once. By default another one is posted. */
  again?(): string
  /** Those of what the next commands find. */
  judgeHealed?(world: World): string[] | Promise<string[]>
}

export function actors(...roles: readonly Actor['role'][]): Actor[] {
  return roles.flatMap((role) => (['main', 'pool'] as const).map((thread) => ({ role, thread })))
}
