/** Fills a ledger with whole items, as finished answers leave them. */
import type { NewEvent } from '../../src/ledger/event-text.ts'
import { openLedger } from '../../src/ledger/ledger.ts'
import { type SeedOptions, seededThread } from '../scene/seed-ledger.ts'

const { file, threads, events }: SeedOptions = JSON.parse(process.argv[2] ?? '{}')
const ledger = openLedger(file)
const turnId = '00000000-0000-7000-9000-000000000000'
const startMs = Date.now() - 3_600_000
const each = events / threads
const batch = 1000

for (let thread = 0; thread < threads; thread += 1) {
  const threadId = seededThread(thread)
  ledger.threads.open(threadId, { name: `seeded ${thread}`, cwd: '/', preview: 'seeded' })
  for (let from = 0; from < each; from += batch) {
    const indexes = Array.from({ length: Math.min(batch, each - from) }, (_, index) => from + index)
    ledger.events.append(indexes.map((index) => completedItem(threadId, index)))
  }
}
ledger.close()

function completedItem(threadId: string, index: number): NewEvent {
  const [itemId, atMs] = [`item-${index}`, startMs + index]
  const item = { type: 'agentMessage', id: itemId, text: `Answer number ${index}, of a usual length.`, phase: null }
  return { threadId, turnId, atMs, method: 'item/completed', params: { item, threadId, turnId }, itemId, by: null }
}
