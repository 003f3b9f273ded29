/** Refusals in the forms that the stock Codex UI understands; each was tried on Codex 0.169 in a terminal. */
import { ShareError, type WireError } from '../../../protocol/errors.ts'
import type { ActiveTurn } from '../../../protocol/methods.ts'
import { VerbatimError } from '../../../rpc/rpc-peer.ts'
import type { RequestEffect } from '../../gate/method-effects.ts'
import { busyError, type Outcome } from '../../gate/outcome.ts'

/** With this code the UI says “Failed to start turn” with our message, and the prompt is back in the composer. Codes that it does not know read “could not be confirmed”, and `data` would be printed raw. */
const invalidRequest = -32600

/** Codex's own code for “not now”: it invites a retry. */
const overloaded = -32001

/** Somebody else's turn runs: the UI keeps the text and submits it by itself when that turn is over. No other form does that. */
export function notSteerable(active: ActiveTurn): WireError {
  const { message } = busyError(active)
  const codexErrorInfo = { activeTurnNotSteerable: { turnKind: 'review' } }
  return { code: invalidRequest, message, data: { message, codexErrorInfo, additionalDetails: null } }
}

export function restarting(): WireError {
  return { code: overloaded, message: 'The Codex app-server is being restarted; try again.' }
}

/** Why a request was not taken at the gate. A second prompt comes back to the composer; anything else the UI is to do by itself later. */
export function refusalOf(
  outcome: Exclude<Outcome<unknown>, { is: 'taken' }>,
  effect: RequestEffect | undefined,
): WireError {
  switch (outcome.is) {
    case 'busy':
      return effect === 'prompts' ? stockError(busyError(outcome.active)) : notSteerable(outcome.active)
    case 'notSteerable':
      return notSteerable(outcome.active)
    case 'refused':
    case 'unknown':
      return stockError(outcome.error)
    default:
      return outcome satisfies never
  }
}

/** Any other refusal of the daemon's. */
export function stockError(error: unknown): WireError {
  if (error instanceof VerbatimError) return error.wire
  const message = error instanceof Error ? error.message : String(error)
  if (!(error instanceof ShareError)) return { code: -32603, message }
  const isPassing = error.errorName === 'unavailable' || error.errorName === 'connectionLost'
  return { code: isPassing ? overloaded : invalidRequest, message }
}
