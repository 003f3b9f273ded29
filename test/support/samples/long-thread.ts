/** Makes a shared thread long: questions and answers are put into the ledger while no daemon has it. */
import { join } from 'node:path'
import type { NewEvent } from '../../../src/ledger/event-text.ts'
import { openLedger } from '../../../src/ledger/ledger.ts'

export interface LongThreadOptions {
  /** The home that the ledger is in. */
  readonly dir: string
  readonly threadId: string
  /** Pairs of `question N` and `answer N`, counted from 1. */
  readonly pairs: number
}

const turnId = '00000000-0000-7000-9000-000000000000'
const perBatch = 1000

export function lengthenThread({ dir, threadId, pairs }: LongThreadOptions): void {
  const ledger = openLedger(join(dir, 'data/codex-share/ledger.db'))
  const startMs = Date.now() - pairs
  const completed = (item: { readonly id: string; readonly type: string }, atMs: number): NewEvent => ({
    threadId,
    turnId,
    atMs,
    method: 'item/completed',
    params: { item, threadId, turnId },
    itemId: item.id,
    by: { label: 'ci', kind: 'script', pid: 1 },
  })
  const pair = (number: number): NewEvent[] => {
    const content = [{ type: 'text', text: `question ${number}` }]
    const prompt = { id: `question-${number}`, type: 'userMessage', clientId: null, content }
    const answer = { id: `answer-${number}`, type: 'agentMessage', text: `answer ${number}.`, phase: null }
    return [completed(prompt, startMs + number), completed(answer, startMs + number)]
  }
  for (let from = 1; from <= pairs; from += perBatch) {
    const numbers = Array.from({ length: Math.min(perBatch, pairs - from + 1) }, (_, index) => from + index)
    ledger.events.append(numbers.flatMap(pair))
  }
  ledger.close()
}
