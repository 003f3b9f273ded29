/** Gives the slots to the turns that ran, or were just taken, when the last daemon ended; whether they still run shows on the link. */
import * as v from 'valibot'
import type { Ledger } from '../ledger/ledger.ts'
import type { TurnSlots } from './turn-slots.ts'

const startSchema = v.object({
  turnId: v.string(),
  method: v.literal('turn/started'),
  params: v.object({ turn: v.object({ id: v.string() }) }),
})

export function restoreSlots({ threads, turns, events }: Ledger, slots: TurnSlots): void {
  for (const { threadId } of threads.listOpen()) {
    const open = turns.open(threadId)
    const taken = open ?? turns.unstarted(threadId)
    if (taken) slots.started(threadId, taken.turnId, taken.startedMs, taken.by)
    const [start] = open ? events.page(threadId, open.firstId - 1, 1) : []
    const told = v.safeParse(startSchema, start && JSON.parse(start.json))
    // The start may be pruned: then this is another event.
    if (open && told.success && told.output.turnId === open.turnId)
      slots.runs(threadId, open.turnId, told.output.params.turn.id)
  }
}
