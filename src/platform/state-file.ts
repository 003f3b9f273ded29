/** What the UI remembers between its runs: a small JSON file, written whole, under a lock, and forgiving when it is read. */
import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { lock } from 'proper-lockfile'
import * as v from 'valibot'

/** A member that is missing or broken counts as its default, so that one bad member does not cost the others. */
const lenient = <T extends v.GenericSchema>(schema: T, otherwise: v.InferOutput<T>) =>
  v.fallback(v.optional(schema, otherwise as never), otherwise as never)

const longestText = 200_000

const stateSchema = v.object({
  /** Where the UI was when it was last seen. */
  mode: lenient(v.picklist(['LOCAL', 'SHARED']), 'LOCAL'),
  /** As `--server` takes it. */
  endpoint: lenient(v.nullable(v.string()), null),
  threadId: lenient(v.nullable(v.string()), null),
  /** Id of the newest event that was on the screen. */
  eventId: lenient(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
  /** What was written and not sent. */
  draft: lenient(v.pipe(v.string(), v.maxLength(longestText)), ''),
  /** A prompt that was handed over and may or may not have been taken. */
  submission: lenient(v.nullable(v.object({ requestId: v.string(), text: v.string() })), null),
  /** Prompts that were sent, oldest first. */
  history: lenient(v.array(v.string()), []),
})
export type SavedState = v.InferOutput<typeof stateSchema>

/** The state as it was left; a missing or broken file is a fresh start. */
export function readSavedState(file: string): SavedState {
  let value: unknown = {}
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    value = {} // Not there yet, or half of it: nothing in it is worth more than starting.
  }
  const checked = v.safeParse(stateSchema, value)
  return checked.success ? checked.output : v.parse(stateSchema, {})
}

/**
 * Replaces the file in one step (0600).
 *
 * @throws Error when the folder cannot be written, or others hold the lock for longer than a second
 */
export async function writeSavedState(file: string, state: SavedState): Promise<void> {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const release = await lock(file, {
    realpath: false,
    stale: 5000,
    retries: { retries: 20, minTimeout: 20, maxTimeout: 80 },
    // Whoever took it writes a whole file as well: the later one counts, and neither is torn.
    onCompromised: () => {},
  })
  const temporary = `${file}.${randomUUID()}.tmp`
  try {
    const kept: SavedState = { ...state, draft: state.draft.slice(0, longestText) }
    await writeFile(temporary, `${JSON.stringify(kept)}\n`, { mode: 0o600, flag: 'wx' })
    await rename(temporary, file)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  } finally {
    await release().catch(() => {}) // Taken away as stale: nothing is left to release.
  }
}
