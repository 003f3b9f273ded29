/** Holds a history against what is promised. An empty list means that all promises were kept. */
import type { History, Violation } from '../history.ts'
import { checkSubmits } from './check-submits.ts'
import { checkTurns } from './check-turns.ts'
import { checkViews } from './check-views.ts'
import { indexLedger } from './index-ledger.ts'

export function checkHistory(history: History): Violation[] {
  const index = indexLedger(history.ledger)
  return [...checkTurns(history, index), ...checkSubmits(history, index), ...checkViews(history)]
}
