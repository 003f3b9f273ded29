/** The history as it is being made: who acts notes it here. */
import { type Chance, chanceOf } from '../chance.ts'
import type { Attempt, FaultRecord, Observation, Outcome, SeenEvent } from './history.ts'
import type { SoakSite } from './soak-site.ts'

export interface Recording {
  readonly site: SoakSite
  readonly threads: readonly string[]
  /** Those that were private at first. */
  readonly sharedLater: string[]
  readonly attempts: Attempt[]
  readonly faults: FaultRecord[]
  readonly observations: Observation[]
  readonly stockItems: {
    readonly who: string
    readonly threadId: string
    readonly itemId: string
    readonly text: string
  }[]
  /** What is wrong at once: a command with an exit code that says nothing, one that hangs. */
  readonly complaints: string[]
  /** Each actor draws from its own chance, so that what the others do changes nothing in its choices. */
  chance(actor: string): Chance
  isOver(): boolean
}

export function startRecording(
  site: SoakSite,
  threads: readonly string[],
  { seed, endMs }: { readonly seed: number; readonly endMs: number },
): Recording {
  return {
    site,
    threads,
    sharedLater: [],
    attempts: [],
    faults: [],
    observations: [],
    stockItems: [],
    complaints: [],
    chance: (actor) => chanceOf([...actor].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), seed)),
    isOver: () => Date.now() > endMs,
  }
}

/** What a submit over a connection came to, by the name of its error. */
export function outcomeOfError(name: string): Outcome {
  return ['connectionLost', 'timedOut', 'cancelled'].includes(name)
    ? { is: 'unknown', why: name }
    : { is: 'refused', why: name }
}

/** Events as a peer of this process gets them, thread by thread. */
export class Watcher {
  private readonly seen = new Map<string, SeenEvent[]>()
  readonly who: string

  constructor(who: string) {
    this.who = who
  }

  add(events: readonly SeenEvent[]): void {
    for (const event of events) {
      const known = this.seen.get(event.threadId) ?? []
      this.seen.set(event.threadId, known)
      known.push(event)
    }
  }

  lastOf(threadId: string): number {
    return this.seen.get(threadId)?.at(-1)?.id ?? 0
  }

  observations(): Observation[] {
    return [...this.seen].map(([threadId, events]) => ({
      who: this.who,
      threadId,
      after: 0,
      kind: 'follower',
      events,
      others: [],
    }))
  }
}
