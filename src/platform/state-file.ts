/**
 * Keeps what the UIs of a user remember between their runs: a small JSON file, written whole, under a lock, and forgiving when it is read.
 */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as v from 'valibot'
import { makeFolder } from './places/make-folder.ts'
import type { Places } from './places/resolve-places.ts'
import { ProcessLock } from './process-lock.ts'
import { isStillRunning } from './processes/process-record.ts'
import { writeWhole } from './write-whole.ts'

/** Where the UIs of this user keep it. */
export function uiStateFile({ stateDir }: Pick<Places, 'stateDir'>): string {
  return join(stateDir, 'ui.json')
}

const longestText = 200_000
const mostRemembered = 8
const lockMs = 5000
export const longestHistory = 100

/** A member that is missing or broken counts as its default, so that one bad member does not cost the others. */
function withFallback<const T extends v.GenericSchema>(schema: T, otherwise: v.InferOutput<T>) {
  return v.optional(
    v.fallback(schema, () => otherwise),
    () => otherwise,
  )
}

const uiSchema = v.object({
  /** Of the process whose state this is; while it runs, its place is taken. A pid alone is soon another's. */
  pid: v.number(),
  startToken: v.string(),
  mode: withFallback(v.picklist(['LOCAL', 'SHARED']), 'LOCAL'),
  /** As `--server` takes it; null for the user's own daemon, which listens here or there. */
  endpoint: withFallback(v.nullable(v.string()), null),
  threadId: withFallback(v.nullable(v.string()), null),
  /** Id of the newest event that was on the screen. */
  eventId: withFallback(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
  /** What was written and not sent. */
  draft: withFallback(v.string(), ''),
  /** A prompt that was handed over and may or may not have been taken. */
  submission: withFallback(v.nullable(v.object({ requestId: v.string(), text: v.string() })), null),
})

/** Where one UI was when it was last seen. */
export type SavedUi = v.InferOutput<typeof uiSchema>

const fileSchema = v.object({
  /** Newest first. */
  uis: withFallback(v.array(v.unknown()), []),
  /** Prompts that were sent from any of them, oldest first. */
  history: withFallback(v.array(v.string()), []),
})

interface SavedFile {
  readonly uis: readonly SavedUi[]
  readonly history: readonly string[]
}

interface LeftState {
  /** The newest place that a UI left and no running one has; undefined when there is none. */
  readonly left: SavedUi | undefined
  readonly history: readonly string[]
}

/** What the last UI left; a missing or broken file is a fresh start. */
export async function readLeftState(file: string): Promise<LeftState> {
  const { uis, history } = readFile(file)
  const running = await Promise.all(uis.map((ui) => isStillRunning(ui)))
  return { left: uis.find((_ui, index) => !running[index]), history }
}

/**
 * Puts this UI's state into the file (0600), in one step, and takes `claimed` out: the place that it has taken over.
 *
 * @throws Error when the folder cannot be written, or others hold the lock for several seconds
 */
export async function writeUiState(
  file: string,
  {
    ui,
    history,
    claimed,
  }: { readonly ui: SavedUi; readonly history: readonly string[]; readonly claimed: number | undefined },
): Promise<void> {
  makeFolder(dirname(file))
  await update(file, (before) => {
    const others = before.uis.filter(({ pid }) => pid !== ui.pid && pid !== claimed)
    const uis = [{ ...ui, draft: ui.draft.slice(0, longestText) }, ...others].slice(0, mostRemembered)
    const older = before.history.filter((entry) => !history.includes(entry))
    return { uis, history: [...older, ...history].slice(-longestHistory) }
  })
}

/**
 * Takes prompts and drafts out of the file.
 *
 * @returns the UIs that run, by their pids: they remember what was typed into them, and write it down again
 * @throws as `writeUiState`
 */
export async function forgetInState(file: string, isMeant: (text: string) => boolean): Promise<number[]> {
  if (!existsSync(file)) return []
  let uis: readonly SavedUi[] = []
  await update(file, (before) => {
    uis = before.uis
    const keptOf = (ui: SavedUi): SavedUi => ({
      ...ui,
      draft: isMeant(ui.draft) ? '' : ui.draft,
      submission: ui.submission && isMeant(ui.submission.text) ? null : ui.submission,
    })
    return { uis: before.uis.map(keptOf), history: before.history.filter((entry) => !isMeant(entry)) }
  })
  const running = await Promise.all(uis.map((ui) => isStillRunning(ui)))
  return uis.flatMap(({ pid }, index) => (running[index] ? [pid] : []))
}

/** Reads the file, and writes it whole (0600) in one step, while nobody else does. */
async function update(file: string, next: (before: SavedFile) => SavedFile): Promise<void> {
  const release = await new ProcessLock(file).take(lockMs)
  if (!release) throw new Error(`others have been writing ${file} for ${lockMs / 1000} s`)
  try {
    await writeWhole(file, `${JSON.stringify(next(readFile(file)))}\n`)
  } finally {
    await release()
  }
}

function readFile(file: string): SavedFile {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return { uis: [], history: [] } // Not there yet, or half of it: nothing in it is worth more than starting.
  }
  const checked = v.safeParse(fileSchema, value)
  if (!checked.success) return { uis: [], history: [] }
  const uis = checked.output.uis.flatMap((entry) => {
    const ui = v.safeParse(uiSchema, entry)
    return ui.success ? [ui.output] : []
  })
  return { uis, history: checked.output.history }
}
