/** The user's settings: a small JSON file in the config folder, checked by schema, with a documented default for everything. */
import { readFileSync } from 'node:fs'
import * as v from 'valibot'
import { ShareError } from '../../protocol/errors.ts'
import { memberOf } from '../../protocol/json/read-json.ts'
import { nearestWord } from '../nearest-word.ts'
import { reasonOf } from '../places/make-folder.ts'

const wholeNumber = (least: number, most: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most))

/** To valibot a list is an object without keys, and here every key has a default. */
const section = <Entries extends v.ObjectEntries>(entries: Entries) =>
  v.pipe(
    v.unknown(),
    v.check((value) => !Array.isArray(value), 'Invalid type: Expected Object but received a list'),
    v.strictObject(entries),
  )

/** The settings with their defaults; the README's table is made of these lines. */
export const settingsSchema = section({
  /** Path of the `codex` to use; null looks on PATH. */
  codexBin: v.optional(v.nullable(v.string()), null),
  /** Whether every plain `codex` comes through here; `codex-share adopt` sets it. */
  adopt: v.optional(v.boolean(), false),
  /** Which threads of a plain `codex` are recorded: those that somebody shares, or all, from the first prompt. */
  adoptShares: v.optional(v.picklist(['asked', 'all']), 'asked'),
  peers: v.optional(
    section({
      /** What a process inside Codex's own sandbox may do on the sockets: nothing, read, or read and post; it never answers an approval. */
      confined: v.optional(v.picklist(['refuse', 'read', 'post']), 'refuse'),
    }),
    {},
  ),
  limits: v.optional(
    section({
      /** Connections at once on each socket, of which one process has at most a quarter. */
      connections: v.optional(wholeNumber(1, 100_000), 1024),
      /** Largest frame from a client, in bytes. */
      frameBytes: v.optional(wholeNumber(64 * 1024, 256 * 1024 * 1024), 16 * 1024 * 1024),
      /** Bytes that may wait for one client before it is served from the ledger at its own pace. */
      queuedBytes: v.optional(wholeNumber(64 * 1024, 256 * 1024 * 1024), 4 * 1024 * 1024),
      /** Stock UIs that may have one thread open each over a link of its own to Codex; where there are more, they have one in common. */
      ownLinks: v.optional(wholeNumber(1, 100_000), 3),
      /** Requests of one client that may be open at once. */
      requestsInFlight: v.optional(wholeNumber(1, 65_536), 256),
      /** Seconds that Codex has for an ordinary request. */
      upstreamSeconds: v.optional(wholeNumber(1, 3600), 60),
    }),
    {},
  ),
  retention: v.optional(
    section({
      /** Days that events are kept; 0 keeps them for ever. */
      days: v.optional(wholeNumber(0, 36_500), 90),
      /** Size in MiB above which the oldest events go; 0 means no limit. */
      megabytes: v.optional(wholeNumber(0, 1_000_000), 2048),
    }),
    {},
  ),
  log: v.optional(
    section({
      level: v.optional(v.picklist(['debug', 'info', 'warn', 'error']), 'info'),
      /** Size in MiB at which the log file is rotated. */
      megabytes: v.optional(wholeNumber(1, 1024), 5),
      /** Rotated files kept. */
      files: v.optional(wholeNumber(1, 100), 3),
    }),
    {},
  ),
})
export type Settings = v.InferOutput<typeof settingsSchema>

export const defaultSettings: Settings = v.parse(settingsSchema, {})

/**
 * Reads the settings; a missing file means the defaults.
 *
 * @throws ShareError `usage` naming the file, the place in it and what is wrong.
 */
export function readSettings(file: string): Settings {
  let value: unknown = {}
  try {
    value = parseEditedJson(readFileSync(file, 'utf8'))
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'))
      throw new ShareError('usage', `the settings file ${file} cannot be read: ${reasonOf(cause)}`, {
        cause,
        hint: `Mend ${file}, or remove it to use the defaults.`,
      })
  }
  const checked = v.safeParse(settingsSchema, value)
  if (checked.success) return checked.output
  throw new ShareError('usage', `the settings file ${file} is not valid${problemOf(checked.issues[0])}`, {
    hint: `Mend ${file}, or remove it to use the defaults.`,
  })
}

function problemOf(issue: v.BaseIssue<unknown>): string {
  const path = (issue.path ?? []).map(({ key }) => String(key))
  if (issue.type !== 'strict_object' || path.length === 0) return `${placeOf(path)}: ${issue.message}`
  const [key = '', ...parents] = path.reverse()
  const known = parents.reverse().reduce<unknown>(memberOf, defaultSettings)
  const meant = nearestWord(key, typeof known === 'object' && known !== null ? Object.keys(known) : [])
  return `${placeOf(parents)}: unknown key "${key}"${meant === undefined ? '' : `; did you mean "${meant}"?`}`
}

function placeOf(path: readonly string[]): string {
  return path.length === 0 ? '' : ` at ${path.join('.')}`
}

/** Some editors put a byte order mark in front, which JSON does not allow. */
function parseEditedJson(text: string): unknown {
  return JSON.parse(text.replace(/^\uFEFF/, ''))
}
