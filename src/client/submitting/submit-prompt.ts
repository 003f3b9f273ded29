/** Submits a prompt once: refused, waited for or steered when a turn runs, and never doubled when the connection is lost. */
import * as v from 'valibot'
import { awakeDelay, awakeMs, awakeSignal } from '../../platform/time/awake-clock.ts'
import { untilAborted } from '../../platform/time/until-aborted.ts'
import { isShareError, ShareError } from '../../protocol/errors.ts'
import { type ActiveTurn, activeTurnSchema, turnStartedSchema } from '../../protocol/methods.ts'
import { visibleLine } from '../../protocol/text/visible-text.ts'
import type { DaemonClient } from '../connection/daemon-client.ts'
import type { DaemonLink } from '../daemon-link.ts'
import { followThread } from '../following/follow-thread.ts'
import { promptInput, repeatForMs, type SubmitPromptOptions, type SubmittedPrompt, submitMs } from './prompt-input.ts'
import { steerTurn } from './steer-turn.ts'

/**
 * @throws ShareError `busy`, `conflict`, `notFound`; `connectionLost` when it could not be found out whether the prompt arrived; the
 * signal's reason
 */
export async function submitPrompt(options: SubmitPromptOptions): Promise<SubmittedPrompt> {
  const { link, ifBusy, signal } = options
  const told = new Set<string>()
  /** Turns that took no more prompts, such as a review or one that was just over. */
  const closed = new Set<string>()
  let deadline: number | undefined
  let lost = 0
  for (;;) {
    const client = await untilAborted(link.client(), signal)
    try {
      return await startTurn(client, options)
    } catch (error) {
      signal?.throwIfAborted()
      if (isLost(error)) {
        deadline ??= awakeMs() + repeatForMs
        if (awakeMs() > deadline) throw error
        // Ever slower: a daemon that this very prompt brings down must not be brought back twice a second.
        await awakeDelay(Math.min(50 * 2 ** lost++, 4000))
        continue
      }
      const turn = ifBusy === 'reject' ? undefined : runningTurn(error)
      if (!turn) throw error
      if (ifBusy === 'steer' && !closed.has(turn.turnId ?? '')) {
        const steered = turn.turnId === null ? undefined : await steerTurn(turn.turnId, options)
        if (steered) return steered
        if (turn.turnId !== null) closed.add(turn.turnId)
        await awakeDelay(50) // Not named yet, or just over: look again.
      } else {
        sayWaiting(turn, told, options.notice, ifBusy === 'steer' ? ' and takes no more prompts' : '')
        await (options.untilFree?.(signal) ?? untilTurnEnds({ link, threadId: options.threadId, signal }))
      }
    }
  }
}

async function startTurn(client: DaemonClient, options: SubmitPromptOptions): Promise<SubmittedPrompt> {
  const { signal } = options
  const result = await client.forward('turn/start', promptInput(options), {
    timeoutMs: submitMs,
    ...(signal ? { signal } : {}),
  })
  const { success, output } = v.safeParse(turnStartedSchema, result)
  if (!success) throw new ShareError('unexpected', `turn/start was answered in an unknown form (${client.endpoint})`)
  return { turnId: output.turn.id, ...output.share }
}

/** Either the connection was lost, or the daemon lost Codex at this moment: with a request id both are safe to try again. */
function isLost(error: unknown): boolean {
  return isShareError(error, 'connectionLost')
}

function runningTurn(error: unknown): ActiveTurn | undefined {
  if (!isShareError(error, 'busy')) return undefined
  const { success, output } = v.safeParse(activeTurnSchema, error.facts)
  return success ? output : undefined
}

function sayWaiting(turn: ActiveTurn, told: Set<string>, notice: (text: string) => void, more: string): void {
  if (turn.turnId === null || told.has(turn.turnId)) return
  told.add(turn.turnId)
  const by = turn.by ? ` by ${visibleLine(turn.by.label)}` : ''
  const approval = turn.waitingOnApproval ? ', which waits for an approval' : ''
  notice(`a turn${by} is running since ${localTime(turn.startedAt)}${approval}${more}; waiting for it to end…`)
}

function localTime(at: string): string {
  return new Date(at).toTimeString().slice(0, 'hh:mm:ss'.length)
}

interface UntilTurnEndsOptions {
  readonly link: DaemonLink
  readonly threadId: string
  readonly signal?: AbortSignal | undefined
}

/** A slot can also become free without a turn ending in it, when Codex refused what was submitted. */
const lookAgainMs = 2000

/** @throws the signal's reason when it fires */
/** Waits until the turn that runs in a thread is over, or it is time to look again. */
async function untilTurnEnds({ link, threadId, signal }: UntilTurnEndsOptions): Promise<void> {
  const timer = awakeSignal(lookAgainMs)
  const either = signal ? AbortSignal.any([signal, timer]) : timer
  try {
    for await (const entries of followThread({ link, threadId, signal: either }))
      for (const entry of entries) {
        if (entry.kind === 'event' && entry.parse().method === 'turn/completed') return
        if (entry.kind === 'attached' && entry.turn === null) return await awakeDelay(50)
        if (entry.kind === 'closed') return
      }
  } catch (error) {
    signal?.throwIfAborted()
    if (!timer.aborted) throw error
  }
}
