/** Followers that are killed and resumed behind the last event they have, and readers of pages. */
import { setTimeout as delay } from 'node:timers/promises'
import type { SeenEvent } from './history.ts'
import type { Recording } from './recording.ts'
import type { SoakSite, StartedCommand } from './soak-site.ts'

/** `share tail --json` from the first event; `finish` waits until it has the event of this id, and returns what it saw. */
export interface Follower {
  readonly who: string
  readonly threadId: string
  /** Kills it and starts another one behind its last event. */
  resume(): Promise<void>
  lastId(): number
  stop(): Promise<void>
}

export function startFollower(recording: Recording, who: string, threadId: string): Follower {
  const events: SeenEvent[] = []
  const others: { readonly atMs: number; readonly line: string }[] = []
  const start = () =>
    recording.site.start('tail', '--thread', threadId, '--after', String(events.at(-1)?.id ?? 0), '--json', '--as', who)
  const collect = ({ lines }: StartedCommand) => {
    for (const line of lines.splice(0)) {
      const value = JSON.parse(line) as SeenEvent
      if (typeof value.id === 'number') events.push(value)
      else others.push({ atMs: Date.now(), line })
    }
  }
  let command = start()
  let isWanted = true
  const keep = (current: StartedCommand) => {
    void current.ended.then((code) => {
      if (isWanted && code !== null) {
        // It outlives what happens to the daemon, but may say that it cannot be had: of one that is frozen for longer than 10 s.
        if (code !== 5) recording.complaints.push(`${who} ended with ${code}: ${current.stderr()}`)
        collect(current)
        command = start()
        keep(command)
      }
    })
  }
  keep(command)
  recording.observations.push({ who, threadId, after: 0, kind: 'follower', events, others })
  return {
    who,
    threadId,
    resume: async () => {
      const former = command
      former.child.kill('SIGKILL')
      await former.ended
      collect(former)
      command = start()
      keep(command)
    },
    lastId: () => {
      collect(command)
      return events.at(-1)?.id ?? 0
    },
    stop: async () => {
      isWanted = false
      command.child.kill('SIGKILL')
      await command.ended
      collect(command)
    },
  }
}

/** Pages from anywhere, as a script reads them. */
export async function keepReading(
  recording: Recording,
  who: string,
  heads: (threadId: string) => number,
): Promise<void> {
  const chance = recording.chance(who)
  while (!recording.isOver()) {
    const threadId = chance.pick(recording.threads)
    const after = Math.floor((chance.below(1000) / 1000) * heads(threadId))
    const page = await readPage(recording.site, threadId, after, 1 + chance.below(60))
    if (page) recording.observations.push({ who, threadId, after, kind: 'page', events: page.events, others: [] })
    await delay(200 + chance.below(1500))
  }
}

interface Page {
  readonly events: readonly SeenEvent[]
  readonly next: number | null
}

async function readPage(site: SoakSite, threadId: string, after: number, limit: number): Promise<Page | undefined> {
  const { code, lines } = await site.run(
    'get',
    '--thread',
    threadId,
    '--after',
    `${after}`,
    '--limit',
    `${limit}`,
    '--json',
  )
  return code === 0 ? (JSON.parse(lines[0] ?? '') as Page) : undefined
}

/** The whole thread as the ledger has it now. */
export async function readLedger(site: SoakSite, threadId: string): Promise<SeenEvent[]> {
  const events: SeenEvent[] = []
  for (let after: number | null = 0; after !== null; ) {
    const page: Page | undefined = await readPage(site, threadId, after, 1000)
    if (!page) throw new Error(`codex-share get does not give thread ${threadId}`)
    events.push(...page.events)
    after = page.next
  }
  return events
}
