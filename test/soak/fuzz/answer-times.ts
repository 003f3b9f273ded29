/** How long answers took, and what is promised of that. */
import { readFileSync } from 'node:fs'

/** In milliseconds: until the answer came, and without the time in which the machine let neither side run. */
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

/** Milliseconds that the main thread of a process was ready to run and had no processor; 0 where the system does not say. */
export function waitedForProcessorMs(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6
  } catch {
    return 0
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
  return `${count} answers, ${percentileText(whole)} (less what the machine was busy with others: ${percentileText(own)})`
}

function percentileText({ p50, p99, max }: Percentiles): string {
  const [middle, high, most] = [p50, p99, max].map((ms) => ms.toFixed(ms < 10 ? 1 : 0))
  return `p50 ${middle} ms, p99 ${high} ms, at most ${most} ms`
}
