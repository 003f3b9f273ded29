/** `share/moveAppServer`: another app-server in the place of the one that runs, as soon as no turn runs in it. */
import { setTimeout as delay } from 'node:timers/promises'
import type { AppServerLink } from '../../../codex/link/app-server-link.ts'
import { hasActiveThread } from '../../../codex/threads/active-threads.ts'
import { isSoWithin } from '../../../platform/time/within.ts'
import { ShareError } from '../../../protocol/errors.ts'
import type { ActiveTurn } from '../../../protocol/methods.ts'
import type { TurnSlots } from '../../slots/turn-slots.ts'
import type { Handler } from '../handler.ts'

/** Milliseconds that what was asked before has for its answer. */
const drainMs = 5000
/** What stock clients asked on links of their own has less: some of it may take as long as they are there. */
const guestsDrainMs = 1000
/** Before it is looked again whether Codex is idle, where only Codex knows of a turn. */
const lookAgainMs = 500

/**
 * From the moment the link is withheld, what is asked waits for the next app-server: nothing is lost on the way, and nothing is asked
 * twice. A turn that began just before that ends the try, and is waited for like any other.
 */
export const onMoveAppServer: Handler<'share/moveAppServer'> = async (core, _params, peer, signal) => {
  const { supervisor, slots, gate, peers, gateway, log } = core
  const isQuiet = () => slots.size === 0 && gate.underwayOfGuests === 0
  const mayEnd = async (link: AppServerLink) => {
    if (!isQuiet() || !(await isSoWithin(drainMs, () => link.unanswered() === 0))) return false
    await isSoWithin(guestsDrainMs, () => !peers.guestsAsk)
    const isIdle = !(await mayHaveActiveThread(link))
    if (!isIdle || !isQuiet() || link.unanswered() > 0 || signal.aborted) return false
    peers.cutOffGuests('the app-server is being replaced')
    return true
  }
  const release = slots.hold()
  try {
    for (;;) {
      await untilNoTurnRuns(slots, signal, (turns) => peer.rpc.notify('share/moveWaits', { turns }))
      // Those who were kept waiting go on with the link as it is.
      if (await supervisor.replace(mayEnd).finally(() => gateway.wake())) break
      if (slots.size === 0) await delay(lookAgainMs, undefined, { signal })
    }
  } finally {
    release()
  }
  log.info({ by: peer.author?.label }, 'the app-server was replaced')
  return {}
}

/** One that ends while it is asked is followed by another, and that is for the next try. */
async function mayHaveActiveThread(link: AppServerLink): Promise<boolean> {
  try {
    return await hasActiveThread(link)
  } catch (error) {
    if (error instanceof ShareError && error.errorName === 'connectionLost') return true
    throw error
  }
}

/** @throws the signal's reason */
async function untilNoTurnRuns(slots: TurnSlots, signal: AbortSignal, onWait: (turns: ActiveTurn[]) => void) {
  let said = -1
  while (slots.size > 0) {
    if (slots.size !== said) onWait(slots.list())
    said = slots.size
    const { promise, resolve } = Promise.withResolvers<void>()
    const stop = slots.onFreed(resolve)
    signal.addEventListener('abort', () => resolve(), { once: true })
    await promise.finally(stop)
    signal.throwIfAborted()
  }
}
