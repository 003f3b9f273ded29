/** Each prompt ran once or not at all, its caller heard which, and it stands in the ledger and in Codex's own record accordingly. */
import { finalText } from '../answers.ts'
import type { Attempt, History, Violation } from '../history.ts'
import type { LedgerIndex, LedgerPrompt, LedgerTurn } from './index-ledger.ts'

type Found = {
  readonly prompt: string
  readonly inLedger: readonly LedgerPrompt[]
  readonly stored: number
  readonly asked: number
}

export function checkSubmits(history: History, index: LedgerIndex): Violation[] {
  const attempts = Map.groupBy(history.attempts, ({ prompt }) => prompt)
  const stored = Map.groupBy(history.storedPrompts, ({ text }) => text)
  const found = (prompt: string): Found => ({
    prompt,
    inLedger: index.prompts.get(prompt) ?? [],
    stored: stored.get(prompt)?.length ?? 0,
    asked: history.asked.get(prompt) ?? 0,
  })
  const unasked = [...new Set([...index.prompts.keys(), ...stored.keys(), ...history.asked.keys()])]
    .filter((prompt) => !attempts.has(prompt))
    .map((prompt) => ({ promise: 'a prompt stands there that nobody submitted', prompt }))
  return [
    ...unasked,
    ...[...attempts].flatMap(([prompt, tries]) => {
      const what = found(prompt)
      return [...checkCounts(tries, what), ...checkDuplicate(tries, history), ...checkTurn(tries, what, index)]
    }),
  ]
}

function checkCounts(tries: readonly Attempt[], { prompt, inLedger, stored, asked }: Found): Violation[] {
  const [first] = tries
  const threadId = first?.threadId
  const broken = (promise: string): Violation => ({
    promise,
    prompt,
    ...(threadId === undefined ? {} : { threadId }),
    around: inLedger.map(({ id }) => id),
  })
  const violations: Violation[] = []
  const is = (outcome: Attempt['outcome']['is']) => tries.filter((one) => one.outcome.is === outcome)
  if (inLedger.length > 1) violations.push(broken(`the ledger has the prompt ${inLedger.length} times`))
  if (stored > 1) violations.push(broken(`Codex's record has the prompt ${stored} times`))
  if (asked > 1) violations.push(broken(`the model was asked ${asked} times`))
  // Of what was typed in private the ledger has what Codex had stored when the thread was shared.
  const isPrivate = tries.every(({ kind }) => kind === 'private')
  if (is('acknowledged').length > 0 && inLedger.length === 0 && !isPrivate)
    violations.push(broken('acknowledged, and not in the ledger'))
  if (is('refused').length === tries.length && inLedger.length + stored + asked > 0)
    violations.push(
      broken(`refused, and yet ${inLedger.length} in the ledger, ${stored} in Codex's record, asked ${asked} times`),
    )
  return violations
}

/** A command whose connection is lost repeats its prompt by itself; where nothing was broken meanwhile, a first try is no duplicate. */
function checkDuplicate([sole, ...more]: readonly Attempt[], { faults }: History): Violation[] {
  if (!sole || more.length > 0 || sole.outcome.is !== 'acknowledged' || sole.outcome.duplicate !== true) return []
  const isDisturbed = faults.some(({ startedMs, endedMs }) => startedMs <= sole.endedMs && endedMs >= sole.startedMs)
  const { threadId, prompt } = sole
  return isDisturbed ? [] : [{ promise: 'said to be a duplicate at the first try', threadId, prompt }]
}

function checkTurn(
  tries: readonly Attempt[],
  { prompt, inLedger, stored, asked }: Found,
  { turns }: LedgerIndex,
): Violation[] {
  const [recorded] = inLedger
  if (recorded === undefined) return []
  const { threadId, turnId, clientId, by, id } = recorded
  const violations: Violation[] = []
  const broken = (promise: string) =>
    violations.push({ promise, prompt, threadId, ...(turnId === null ? {} : { turnId }), around: [id] })
  const turn = turnId === null ? undefined : turns.get(turnId)
  if (turn === undefined) return [{ promise: 'the prompt is in no turn', prompt, threadId, around: [id] }]
  for (const attempt of tries) {
    const { kind, actor, requestId, outcome } = attempt
    if (attempt.threadId !== threadId) broken('in another thread than the one it was submitted to')
    if (requestId !== null && clientId !== requestId) broken(`its id is ${clientId}, and not ${requestId}`)
    const isPerson = kind === 'ui' || kind === 'stock' || kind === 'private'
    // The daemon that knew who typed it may have ended before the thread was shared.
    if (kind === 'private' && by === null) continue
    if (isPerson ? by?.kind !== 'codex' : by?.label !== actor)
      broken(`its author is ${JSON.stringify(by)}, and not ${actor}`)
    if (outcome.is === 'acknowledged' && outcome.turnId !== null && outcome.turnId !== turnId)
      broken(`acknowledged as turn ${outcome.turnId}`)
    for (const promise of checkCommand(attempt, turn)) broken(promise)
  }
  const status = turn.ends[0]?.status
  const expected = finalText(prompt)
  if (status === 'completed') {
    if (asked !== 1) broken(`completed, and the model was asked ${asked} times`)
    if (stored !== 1) broken(`completed, and Codex's record has it ${stored} times`)
    // A person who types into a turn of their own steers it: the answer is then to the last.
    const isSteered = turn.prompts.length > 1 && tries.every(({ kind }) => kind === 'ui')
    if (!isSteered && (turn.answers.length !== 1 || turn.answers[0]?.text !== expected))
      broken(
        `the answer is ${JSON.stringify(turn.answers.map(({ text }) => text))}, and not ${JSON.stringify(expected)}`,
      )
  } else if (turn.prompts.length === 1 && turn.answers.some(({ text }) => !expected?.startsWith(text)))
    broken(`${status}, with the answer ${JSON.stringify(turn.answers)}`)
  return violations
}

const statusOfExit: Readonly<Record<number, string>> = { 0: 'completed', 7: 'failed', 8: 'interrupted' }

/** A command that waited has the exit code of how its turn ended, and has shown the answer once. */
function* checkCommand({ exitCode, shown, prompt }: Attempt, turn: LedgerTurn): Generator<string> {
  if (typeof exitCode !== 'number') return
  const expected = statusOfExit[exitCode]
  if (expected === undefined) return
  const status = turn.ends[0]?.status
  if (status !== expected) yield `exit code ${exitCode}, and the turn is ${status}`
  const text = finalText(prompt)
  if (shown === undefined || exitCode !== 0 || text === null) return
  const times = shown.split(text).length - 1
  if (times !== 1) yield `stdout has the answer ${times} times: ${JSON.stringify(shown)}`
}
