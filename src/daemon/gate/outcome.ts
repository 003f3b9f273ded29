/** The outcome of a request at the gate as a value, and its form on `daemon.sock`. `stock-errors` has the one on `codex.sock`. */
import { ShareError } from '../../protocol/errors.ts'
import type { ActiveTurn } from '../../protocol/methods.ts'

export type Outcome<T> =
  | { readonly is: 'taken'; readonly value: T }
  | { readonly is: 'busy'; readonly active: ActiveTurn }
  /** The turn that runs is somebody else's, and steering it was not asked for outright. */
  | { readonly is: 'notSteerable'; readonly active: ActiveTurn }
  /** Nothing was submitted. The error is Codex's own, or a ShareError. */
  | { readonly is: 'refused'; readonly error: unknown }
  /** It was sent, and what became of it is not known. */
  | { readonly is: 'unknown'; readonly error: unknown }

/** Whatever is thrown at the gate means that nothing was submitted, unless it says that something was sent. */
export async function outcomeOf<T>(work: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await work()
  } catch (error) {
    return { is: wasSent(error) ? 'unknown' : 'refused', error }
  }
}

/** A lost connection or a missed deadline leaves open whether the request arrived. */
export function wasSent(error: unknown): error is ShareError {
  return error instanceof ShareError && error.facts.sent === true
}

/** @throws ShareError, or Codex's own error as it is, for all that was not taken */
export function resultOf<T>(outcome: Outcome<T>): T {
  switch (outcome.is) {
    case 'taken':
      return outcome.value
    case 'busy':
    case 'notSteerable':
      throw busyError(outcome.active)
    case 'refused':
    case 'unknown':
      throw outcome.error
  }
}

/** The refusal of a second submit, with all that is known of the turn that runs. */
export function busyError(active: ActiveTurn, { hint }: { readonly hint?: string } = {}): ShareError {
  const who = active.by ? ` by ${active.by.label}` : ''
  const waiting = active.waitingOnApproval ? ' and waits for an approval' : ''
  return new ShareError('busy', `a turn has been running since ${active.startedAt}${who}${waiting}`, {
    facts: { ...active },
    ...(hint === undefined ? {} : { hint }),
  })
}
