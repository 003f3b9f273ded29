/** `turn/interrupt` from a peer on `daemon.sock`: any turn with the right to all, else one's own. */

import { type JsonObject, textIn } from '../../protocol/json/read-json.ts'
import { refusal } from '../peers/rights.ts'
import type { Submitter } from '../peers/submitter.ts'
import type { GateDeps } from './gate-deps.ts'
import type { Outcome } from './outcome.ts'
import type { Sender } from './sender.ts'

export function admitInterrupt(
  deps: GateDeps,
  sender: Sender,
  params: JsonObject,
  { author, identity }: Submitter,
  mayTouchOthers: boolean,
): Promise<Outcome<unknown>> {
  const { gateway, recorder, directory, slots, notifications } = deps
  const [threadId, turnId] = [textIn(params, 'threadId'), textIn(params, 'turnId')]
  const { share: _ours, ...forCodex } = params
  return gateway.untilSent(async () => {
    // A turn can be ended also while the ledger cannot be written.
    const isClaimed = threadId !== null && recorder.problem === null
    const link = isClaimed ? await directory.claim(threadId) : await gateway.link()
    if (threadId !== null) {
      const { is } = slots.judge(threadId, { is: 'interrupt', claim: { by: author }, mayTouchOthers })
      if (is === 'denied') return { is: 'refused', error: refusal(identity, 'turn/interrupt of another’s turn') }
      notifications.interruptedBy(threadId, author)
    }
    // A turn is known here by one id, also where Codex runs it under another and goes by that.
    const ids = threadId !== null && turnId !== null ? { turnId: slots.interruptIdOf(threadId, turnId) } : {}
    const sent = await sender.send('turn/interrupt', { ...forCodex, ...ids }, link)
    switch (sent.is) {
      case 'answered':
        return { is: 'taken', value: sent.result }
      case 'lost':
        return { is: 'unknown', error: sent.error }
      case 'refused':
        return { is: 'refused', error: sent.error }
      case 'unsent':
        throw sent.error
    }
  })
}
