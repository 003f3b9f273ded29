/** Commands that have begun and are not complete yet, with what they have printed: all there is of one that its turn leaves open. */

import type { CommandFacts } from '../items/read-item.ts'
import { hole } from './growing-text.ts'

export class OpenCommands {
  private readonly commands = new Map<string, CommandFacts>()

  start(id: string, facts: CommandFacts): void {
    this.commands.set(id, facts)
  }

  addOutput(id: string, output: string): void {
    const facts = this.commands.get(id)
    if (facts) this.commands.set(id, withOutput(facts, output))
  }

  addHole(id: string): void {
    const facts = this.commands.get(id)
    if (facts) this.commands.set(id, withHole(facts))
  }

  remove(id: string): void {
    this.commands.delete(id)
  }

  /** All of them, which are open no longer. */
  takeAll(): readonly (readonly [id: string, facts: CommandFacts])[] {
    const left = [...this.commands].map(([id, facts]) => [id, asUnfinished(facts)] as const)
    this.commands.clear()
    return left
  }
}

export function withOutput(facts: CommandFacts, output: string): CommandFacts {
  return { ...facts, output: facts.output + output }
}

/** Where nothing came since the last hole, it is the same one. */
export function withHole(facts: CommandFacts): CommandFacts {
  const mark = `${hole}\n`
  if (facts.output.endsWith(mark)) return facts
  return withOutput(facts, facts.output === '' || facts.output.endsWith('\n') ? mark : `\n${mark}`)
}

/** Its turn has ended. */
export function asUnfinished(facts: CommandFacts): CommandFacts {
  return { ...facts, status: 'not finished' }
}
