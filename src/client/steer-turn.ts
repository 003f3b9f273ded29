/** Adds a prompt to the turn that runs, because the person asked for that outright. */
import * as v from 'valibot'
import { type ErrorName, ShareError } from '../protocol/errors.ts'
import type { DaemonClient } from './daemon-client.ts'
import { promptInput, type SubmitPromptOptions, type SubmittedPrompt, submitMs } from './prompt-input.ts'

/** How Codex refuses when the turn has ended meanwhile, and how the daemon does when another one runs by now. */
const turnIsOver: ReadonlySet<ErrorName> = new Set(['invalidRequest', 'unexpected', 'busy'])

/**
 * @returns undefined when that turn runs no longer, so that the prompt is still to be submitted
 * @throws ShareError `connectionLost` when it is not known whether the prompt arrived: steering cannot be repeated safely
 */
export async function steerTurn(
  client: DaemonClient,
  turnId: string,
  options: SubmitPromptOptions,
): Promise<SubmittedPrompt | undefined> {
  const { thread } = await client.call('share/resolve', { thread: options.threadId })
  const params = { ...promptInput(options), expectedTurnId: turnId, share: { steer: true } }
  try {
    const result = await client.forward('turn/steer', params, {
      timeoutMs: submitMs,
      ...(options.signal ? { signal: options.signal } : {}),
    })
    const { success, output } = v.safeParse(v.looseObject({ turnId: v.string() }), result)
    return { turnId: success ? output.turnId : turnId, duplicate: false, after: thread.head }
  } catch (error) {
    if (error instanceof ShareError && turnIsOver.has(error.errorName)) return undefined
    throw error
  }
}
