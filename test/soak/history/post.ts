/** Posts by real commands, now and then killed, and repeated with their request id until the outcome is known. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Chance } from '../chance.ts'
import { drawPrompt } from './answers.ts'
import type { Outcome } from './history.ts'
import type { Recording } from './recording.ts'

interface Submit {
  readonly threadId: string
  readonly prompt: string
  readonly requestId: string | null
  readonly flags: readonly string[]
  /** Kills the command after this time. */
  readonly killMs?: number
}

const mostTries = 8
const hangsMs = 150_000

export async function keepPosting(recording: Recording, actor: string): Promise<void> {
  const chance = recording.chance(actor)
  for (let n = 1; !recording.isOver(); n += 1) {
    const name = `${actor.replace(' ', '')}-${n}`
    const submit = {
      threadId: chance.pick(recording.threads),
      prompt: drawPrompt(name, chance),
      requestId: chance.percent(90) ? name : null,
      flags: drawFlags(chance),
    }
    const killMs = chance.percent(12) ? chance.below(1500) : undefined
    const pauseMs = chance.below(300)
    const again = chance.pick(['same', 'other', 'no', 'no', 'no', 'no', 'no', 'no'])
    const outcome = await postUntilKnown(recording, actor, { ...submit, ...(killMs === undefined ? {} : { killMs }) })
    if (outcome.is === 'acknowledged' && submit.requestId !== null) {
      if (again === 'same') await post(recording, actor, submit)
      if (again === 'other') await post(recording, actor, { ...submit, prompt: `${name}x say 1 every 0` })
    }
    await delay(pauseMs)
  }
}

function drawFlags(chance: Chance): string[] {
  return [
    ...(chance.percent(60) ? ['--json'] : []),
    ...(chance.percent(25) ? ['--no-wait'] : []),
    ...(chance.percent(60) ? ['--if-busy', 'wait'] : []),
  ]
}

async function postUntilKnown(recording: Recording, actor: string, first: Submit): Promise<Outcome> {
  const { killMs: _, ...again } = first
  let outcome = await post(recording, actor, first)
  for (let tries = 1; tries < mostTries && again.requestId !== null; tries += 1) {
    if (outcome.is !== 'unknown' && !(outcome.is === 'refused' && outcome.why === '5')) break
    await delay(100)
    outcome = await post(recording, actor, again)
  }
  return outcome
}

export async function post({ site, attempts, complaints }: Recording, actor: string, submit: Submit): Promise<Outcome> {
  const { threadId, prompt, requestId, flags, killMs } = submit
  const startedMs = Date.now()
  const id = requestId === null ? [] : ['--request-id', requestId]
  const args = ['post', '--thread', threadId, '--prompt', prompt, ...id, '--as', actor, '--timeout', '60s', ...flags]
  const { child, lines, stderr, ended } = site.start(...args)
  const timer = setTimeout(() => {
    if (killMs === undefined) complaints.push(`it hangs: codex-share ${args.join(' ')}`)
    child.kill('SIGKILL')
  }, killMs ?? hangsMs)
  const exitCode = await ended
  clearTimeout(timer)
  const outcome = outcomeOf(exitCode, flags.includes('--json') ? lines : [])
  if (outcome === undefined) complaints.push(`exit code ${exitCode} of codex-share ${args.join(' ')}: ${stderr()}`)
  const isWaited = !flags.includes('--no-wait')
  attempts.push({
    ...{ actor, kind: 'command', threadId, prompt, requestId, startedMs, endedMs: Date.now() },
    outcome: outcome ?? { is: 'unknown', why: String(exitCode) },
    ...(isWaited && { exitCode }),
    ...(isWaited && !flags.includes('--json') && { shown: lines.join('\n') }),
  })
  return outcome ?? { is: 'unknown', why: String(exitCode) }
}

/** By the table of exit codes; undefined for a code that says nothing of what became of the prompt. */
function outcomeOf(code: number | null, lines: readonly string[]): Outcome | undefined {
  if (code === null || code === 6 || code === 10) return { is: 'unknown', why: String(code) }
  if (code === 3 || code === 4 || code === 5 || code === 9) return { is: 'refused', why: String(code) }
  if (code !== 0 && code !== 7 && code !== 8) return undefined
  const last = lines.length === 0 ? {} : (JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown>)
  const said = (typeof last.error === 'object' && last.error !== null ? last.error : last) as Record<string, unknown>
  return {
    is: 'acknowledged',
    turnId: typeof said.turnId === 'string' ? said.turnId : null,
    duplicate: typeof said.duplicate === 'boolean' ? said.duplicate : null,
  }
}
