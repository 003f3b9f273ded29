/** The shortest history around a violation: who did what to the thread in that time, what was broken, what the ledger and the others have. */
import type { Attempt, FaultRecord, History, SeenEvent, Violation } from './history.ts'

const marginMs = 1000
const mostLines = 30

export function excerpt(history: History, violation: Violation): string[] {
  const { threadId, prompt, turnId, around = [] } = violation
  const attempts = history.attempts.filter((one) => one.prompt === prompt)
  const events = (threadId === undefined ? [] : (history.ledger.get(threadId) ?? [])).filter(
    (event) =>
      isNear(event.id, around) || (turnId !== undefined && event.turnId === turnId && !/[dD]elta$/.test(event.method)),
  )
  const times = [
    ...attempts.flatMap(({ startedMs, endedMs }) => [startedMs, endedMs]),
    ...events.filter(({ id }) => around.includes(id)).map(({ at }) => Date.parse(at)),
  ]
  const [fromMs, toMs] = [Math.min(...times) - marginMs, Math.max(...times) + marginMs]
  const isThen = ({ startedMs, endedMs }: { readonly startedMs: number; readonly endedMs: number }) =>
    endedMs >= fromMs && startedMs <= toMs
  const others = history.attempts.filter(
    (one) => one.threadId === threadId && isThen(one) && !attempts.includes(one) && one.outcome.is !== 'refused',
  )
  const lines = [
    ...attempts.map((one) => ({ atMs: one.startedMs, text: attemptLine(one, '*') })),
    ...others.map((one) => ({ atMs: one.startedMs, text: attemptLine(one, ' ') })),
    ...history.faults.filter(isThen).map((fault) => ({ atMs: fault.startedMs, text: faultLine(fault) })),
    ...events.map((event) => ({ atMs: Date.parse(event.at), text: eventLine(event) })),
  ]
  return lines
    .sort((a, b) => a.atMs - b.atMs)
    .slice(0, mostLines)
    .map(({ atMs, text }) => `${new Date(atMs).toISOString().slice(11, 23)} ${text}`)
}

function isNear(id: number, around: readonly number[]): boolean {
  return around.some((one) => Math.abs(one - id) <= 3)
}

function attemptLine({ actor, kind, prompt, outcome, startedMs, endedMs, exitCode }: Attempt, mark: string): string {
  const code = exitCode === undefined ? '' : `, exit code ${exitCode}`
  return `${mark} ${actor} (${kind}) submits ${JSON.stringify(prompt.slice(0, 60))}: ${JSON.stringify(outcome)}${code}, ${endedMs - startedMs} ms`
}

function faultLine({ what, startedMs, endedMs }: FaultRecord): string {
  return `! ${what}, ${endedMs - startedMs} ms`
}

function eventLine({ id, turnId, method, params, by }: SeenEvent): string {
  const { item, turn } = params
  const text = item?.text ?? item?.content?.[0]?.text
  const what = [
    item?.type,
    turn?.status,
    text === undefined ? undefined : JSON.stringify(text.slice(0, 60)),
    by && `by ${by.label}`,
  ]
  return `  #${id} ${method} ${what.filter(Boolean).join(' ')} (turn ${turnId?.slice(-6) ?? 'none'})`
}
