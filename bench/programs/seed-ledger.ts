/** Fills a ledger with whole turns and the requests they came from; with `crashed`, as a machine that went down in the middle of some leaves it. */
import type { NewEvent } from '../../src/ledger/event-text.ts'
import { openLedger } from '../../src/ledger/ledger.ts'
import { type SeedOptions, seededThread } from '../scene/seed-ledger.ts'

const { file, threads, events, crashed = false }: SeedOptions = JSON.parse(process.argv[2] ?? '{}')
const by = { label: 'seed', kind: 'script', pid: null }
const deltas = 5
/** How many events of a turn stay once it is complete. */
const lasting = 6
const ledger = openLedger(file)
const each = Math.round(events / threads / lasting)
const startMs = Date.now() - 3_600_000
const turnsAtOnce = 50

for (let thread = 0; thread < threads; thread += 1) {
  const threadId = seededThread(thread)
  ledger.threads.open(threadId, { name: `seeded ${thread}`, cwd: '/', preview: 'seeded' })
  for (let from = 0; from < each; from += turnsAtOnce) {
    const turns = Array.from({ length: Math.min(turnsAtOnce, each - from) }, (_, index) => from + index)
    ledger.events.append(turns.flatMap((turn) => turnEvents(threadId, turn, true)))
    ledger.db.transaction(() => {
      for (const turn of turns) noteRequest(threadId, turn)
    })()
  }
  if (crashed && thread % 100 === 0) ledger.events.append(turnEvents(threadId, each, false))
}
if (crashed) ledger.db.exec("UPDATE meta SET value = 'another boot' WHERE name = 'boot'")
if (crashed) ledger.db.close()
else ledger.close()

function turnEvents(threadId: string, turn: number, isComplete: boolean): NewEvent[] {
  const turnId = `00000000-0000-7000-9000-${turn.toString(16).padStart(12, '0')}`
  const atMs = startMs + turn * 20
  const event = (method: string, params: object, itemId: string | null = null): NewEvent => ({
    ...{ threadId, turnId, atMs, method, itemId, by },
    params: { threadId, turnId, ...params },
  })
  const [asked, said] = [`asked-${turn}`, `said-${turn}`]
  const prompt = { type: 'userMessage', id: asked, content: [{ type: 'text', text: `Prompt number ${turn}.` }] }
  const answer = { type: 'agentMessage', id: said, text: `Answer number ${turn}, of a usual length.`, phase: null }
  const begun = [
    event('turn/started', { turn: { id: turnId, items: [], status: 'inProgress' } }),
    event('item/completed', { item: prompt }, asked),
    event('item/started', { item: { ...answer, text: '' } }, said),
    ...Array.from({ length: deltas }, () => event('item/agentMessage/delta', { itemId: said, delta: 'Answer ' }, said)),
  ]
  if (!isComplete) return begun
  return [
    ...begun,
    event('item/completed', { item: answer }, said),
    event('thread/tokenUsage/updated', { tokenUsage: { total: { totalTokens: 1000 }, last: { totalTokens: 10 } } }),
    event('turn/completed', { turn: { id: turnId, items: [], status: 'completed' } }),
  ]
}

function noteRequest(threadId: string, turn: number): void {
  ledger.turns.remember(threadId, { requestId: `request-${turn}`, content: `digest of prompt ${turn}`, input: [], by })
}
