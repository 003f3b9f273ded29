/** Fills a ledger from outside the daemon, before it starts, with events that stay. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { endWithUs } from './clean-up.ts'

export interface SeedOptions {
  readonly file: string
  readonly threads: number
  /** Of all threads together. */
  readonly events: number
  /** Over how many days they are spread, with interrupted turns among them; within an hour by default, all complete. */
  readonly days?: number
  /** The machine went down while some turns ran. */
  readonly crashed?: boolean
}

const program = fileURLToPath(new URL('../programs/seed-ledger.ts', import.meta.url))

export async function seedLedger(options: SeedOptions): Promise<void> {
  const child = fork(program, [JSON.stringify(options)], { execPath: process.execPath, execArgv: [] })
  endWithUs(child)
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`the ledger could not be filled: exit code ${code}`)
}

/** Ids of the threads in a filled ledger. */
export function seededThread(index: number): string {
  return `00000000-0000-7000-8000-${index.toString(16).padStart(12, '0')}`
}
