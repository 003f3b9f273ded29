/** Remembers a background process in a small file, in a way that a reused pid cannot deceive. */
import { readFile, rm } from 'node:fs/promises'
import * as v from 'valibot'
import { thisSystem } from '../system/this-system.ts'
import { writeWhole } from '../write-whole.ts'

const recordSchema = v.looseObject({
  pid: v.pipe(v.number(), v.integer(), v.minValue(2)),
  startedAt: v.string(),
  startToken: v.pipe(v.string(), v.minLength(1)),
  version: v.string(),
})

/**
 * What the file holds. `startedAt` is RFC 3339 and for people; `startToken` is opaque and says, together with `pid`, which process
 * is meant: the kernel hands out a pid again, but never with the same start. Other members are the writer's own.
 */
export type ProcessRecord = v.InferOutput<typeof recordSchema>

/** What the writer of a record knows; the rest is read from the system. */
export interface ProcessFacts extends Readonly<Record<string, unknown>> {
  readonly pid: number
  readonly version: string
}

/**
 * Describes a running process and saves that.
 *
 * @throws Error when no process has that pid, or the folder cannot be written
 */
export async function writeProcessRecord(
  path: string,
  facts: ProcessFacts,
  system = thisSystem,
): Promise<ProcessRecord> {
  const record = await describeProcess(facts, system)
  await saveProcessRecord(path, record)
  return record
}

/** @throws Error when no process has that pid */
export async function describeProcess(facts: ProcessFacts, system = thisSystem): Promise<ProcessRecord> {
  const startToken = await system.startTokenOf(facts.pid)
  if (startToken === undefined) throw new Error(`no process has the pid ${facts.pid}`)
  return { startedAt: new Date().toISOString(), ...facts, startToken }
}

/**
 * Writes the record: mode 0600, whole or not at all.
 *
 * @throws Error when the folder cannot be written
 */
export async function saveProcessRecord(path: string, record: ProcessRecord): Promise<void> {
  await writeWhole(path, `${JSON.stringify(record)}\n`)
}

/** The record at `path` when the very process it was written for still runs; a missing, broken or outdated one is undefined. */
export async function readLiveRecord(path: string, system = thisSystem): Promise<ProcessRecord | undefined> {
  const record = await readRecord(path)
  return record !== undefined && (await isStillRunning(record, system)) ? record : undefined
}

/** Whether the very process that was recorded still runs. Ask again right before every signal. */
export async function isStillRunning(
  record: Pick<ProcessRecord, 'pid' | 'startToken'>,
  system = thisSystem,
): Promise<boolean> {
  return (await system.startTokenOf(record.pid)) === record.startToken
}

/** Removes the record at `path` unless it is about another process by now. */
export async function removeProcessRecord(path: string, record: Pick<ProcessRecord, 'pid' | 'startToken'>) {
  const current = await readRecord(path)
  if (current?.pid === record.pid && current.startToken === record.startToken) await rm(path, { force: true })
}

async function readRecord(path: string): Promise<ProcessRecord | undefined> {
  const text = await textOf(path)
  if (text === undefined) return undefined
  try {
    const parsed = v.safeParse(recordSchema, JSON.parse(text))
    return parsed.success ? parsed.output : undefined
  } catch {
    return undefined // Half a record, from a disk that was full: as good as none.
  }
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    return undefined // A process that has gone, or a record never written: absence is the answer.
  }
}
