/** Gives the slots to the turns that ran, or were just taken, when the last daemon ended; whether they still run shows on the link. */
import * as v from 'valibot'
import { decodeNotification } from '../../codex/decoding/decode-notification.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { TurnSlots } from '../slots/turn-slots.ts'

const eventSchema = v.object({ method: v.string(), params: v.record(v.string(), v.unknown()) })

export function restoreSlots({ threads, turns, events }: Ledger, slots: TurnSlots): void {
  for (const threadId of turns.threadsUnderway()) {
    if (threads.get(threadId)?.closedMs !== null) continue
    const open = turns.open(threadId)
    const taken = open ?? turns.unstarted(threadId)
    if (taken) slots.onTurnStarted(threadId, taken.turnId, taken.startedMs, taken.by)
    const [start] = open ? events.page(threadId, open.firstId - 1, 1) : []
    const { success, output } = v.safeParse(eventSchema, start && JSON.parse(start.json))
    if (!open || !success) continue
    // The start may be pruned: then this is another event.
    const { effect } = decodeNotification(output.method, output.params, open.startedMs)
    if (effect.kind === 'turnStarted' && effect.turnId === open.turnId) slots.runs(threadId, open.turnId, effect.runsAs)
  }
}
