/** Adds a prompt to the turn that runs, because the person asked for that outright. */
import * as v from 'valibot'
import { awakeDelay, awakeMs } from '../../platform/time/awake-clock.ts'
import { untilAborted } from '../../platform/time/until-aborted.ts'
import { isShareError } from '../../protocol/errors.ts'
import { promptInput, repeatForMs, type SubmitPromptOptions, type SubmittedPrompt, submitMs } from './prompt-input.ts'

/** How Codex refuses when the turn has ended meanwhile, and how the daemon does when another one runs by now. */
const turnIsOver = ['invalidRequest', 'unexpected', 'busy'] as const

const result = v.looseObject({ turnId: v.string() })

/**
 * Repeats itself with the same request id when the connection is lost: the daemon answers that with the turn that took the prompt.
 *
 * @returns undefined when that turn runs no longer, so that the prompt is still to be submitted
 * @throws ShareError `connectionLost` when it could not be found out whether the prompt arrived
 */
export async function steerTurn(turnId: string, options: SubmitPromptOptions): Promise<SubmittedPrompt | undefined> {
  const { link, threadId, signal } = options
  const params = { ...promptInput(options), expectedTurnId: turnId, share: { steer: true } }
  const deadline = awakeMs() + repeatForMs
  let after: number | undefined
  for (;;) {
    const client = await untilAborted(link.client(), signal)
    try {
      after ??= (await client.call('share/resolve', { thread: threadId })).thread.head
      const answer = await client.forward('turn/steer', params, { timeoutMs: submitMs, ...(signal ? { signal } : {}) })
      return { turnId: v.parse(result, answer).turnId, duplicate: false, after }
    } catch (error) {
      signal?.throwIfAborted()
      if (isShareError(error, ...turnIsOver)) return undefined
      if (!isShareError(error, 'connectionLost') || awakeMs() > deadline) throw error
      await awakeDelay(50)
    }
  }
}
