/** How long answers took, and what is promised of that. */
import { readFileSync } from 'node:fs'

/** In milliseconds: until the answer came, and the part of it that is the daemon's and not the busy machine's. */
export interface AnswerTime {
  readonly whole: number
  readonly own: number
}

export interface Percentiles {
  readonly p50: number
  readonly p99: number
  readonly max: number
}

export interface TimesSummary {
  readonly count: number
  readonly whole: Percentiles
  readonly own: Percentiles
}

const promisedMs = 100
/** On a machine that is slower by itself, so many times what it takes without the fuzz. */
const slower = 3

/**
 * Milliseconds that the main thread of a process ran, and that it was ready to run and had no processor; undefined where the system does
 * not say.
 */
export function processorTimes(pid: number): { readonly ran: number; readonly waited: number } | undefined {
  try {
    const [ran = 0, waited = 0] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ').map(Number)
    return { ran: ran / 1e6, waited: waited / 1e6 }
  } catch {
    return undefined
  }
}

export function summarize(times: readonly AnswerTime[]): TimesSummary {
  const of = (kind: keyof AnswerTime) => percentiles(times.map((time) => time[kind]))
  return { count: times.length, whole: of('whole'), own: of('own') }
}

function percentiles(times: readonly number[]): Percentiles {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0
  return { p50: at(0.5), p99: at(0.99), max: at(1) }
}

/** `calm` is the same without the fuzz. */
export function isPromptEnough({ own }: TimesSummary, calm: TimesSummary): boolean {
  return own.p99 < Math.max(promisedMs, slower * calm.own.p99)
}

export function summaryText({ count, whole, own }: TimesSummary): string {
  return `${count} answers, ${percentileText(whole)} (the daemon's part: ${percentileText(own)})`
}

function percentileText({ p50, p99, max }: Percentiles): string {
  const [middle, high, most] = [p50, p99, max].map((ms) => ms.toFixed(ms < 10 ? 1 : 0))
  return `p50 ${middle} ms, p99 ${high} ms, at most ${most} ms`
}
