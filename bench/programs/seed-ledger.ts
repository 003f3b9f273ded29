/** Fills a ledger with whole turns and the requests they came from; with `crashed`, as a machine that went down in the middle of some leaves it. */
import type { NewEvent } from '../../src/ledger/event-text.ts'
import { openLedger } from '../../src/ledger/ledger.ts'
import { type SeedOptions, seededThread } from '../scene/seed-ledger.ts'

const { file, threads, events, days, crashed = false }: SeedOptions = JSON.parse(process.argv[2] ?? '{}')
const by = { label: 'seed', kind: 'script', pid: null }
const deltas = 5
/** How many events of a turn stay once it is complete. */
const lasting = 6
/** Spread over days, one turn in so many is interrupted: its answer stays in pieces. */
const interruptedEvery = 10
const interruptedEvents = 4 + deltas
const perTurn = days === undefined ? lasting : (lasting * (interruptedEvery - 1) + interruptedEvents) / interruptedEvery
const ledger = openLedger(file)
const each = Math.round(events / threads / perTurn)
const spanMs = days === undefined ? 3_600_000 : days * 86_400_000
const startMs = Date.now() - spanMs
const betweenTurnsMs = days === undefined ? 20 : spanMs / (each + 1)
/** Threads that are used side by side for days lie mixed in the file. */
const turnsAtOnce = days === undefined ? each : 5
const turnsInOneAppend = 50
type TurnEnd = 'completed' | 'interrupted' | 'none'
const remember = ledger.db.prepare(
  `INSERT INTO requests (thread, request_id, content, by, at_ms, turn_id)
   VALUES (@key, printf('%08x-request-%d', @turn * 2654435761 % 4294967296, @turn), printf('digest of prompt %064d', @turn),
           '${JSON.stringify(by)}', @atMs, printf('00000000-0000-7000-9000-%012x', @turn))`,
)

const threadIds = Array.from({ length: threads }, (_, thread) => seededThread(thread))
for (const [thread, threadId] of threadIds.entries())
  ledger.threads.open(threadId, { name: `seeded ${thread}`, cwd: `/srv/seeded/${thread}`, preview: 'seeded' })
for (let from = 0; from < each; from += turnsAtOnce)
  for (const threadId of threadIds) addTurns(threadId, from, Math.min(from + turnsAtOnce, each))
if (crashed)
  for (const threadId of threadIds.filter((_, thread) => thread % 100 === 0))
    ledger.events.append(turnEvents(threadId, each, 'none'))
if (crashed) ledger.db.exec("UPDATE meta SET value = 'another boot' WHERE name = 'boot'")
if (crashed) ledger.db.close()
else ledger.close()

function addTurns(threadId: string, from: number, to: number): void {
  for (let at = from; at < to; at += turnsInOneAppend) {
    const turns = Array.from({ length: Math.min(turnsInOneAppend, to - at) }, (_, index) => at + index)
    ledger.events.append(turns.flatMap((turn) => turnEvents(threadId, turn, endOf(turn))))
    ledger.db.transaction(() => {
      for (const turn of turns) noteRequest(threadId, turn)
    })()
  }
}

function endOf(turn: number): TurnEnd {
  return days !== undefined && turn % interruptedEvery === 0 ? 'interrupted' : 'completed'
}

function turnEvents(threadId: string, turn: number, end: TurnEnd): NewEvent[] {
  const turnId = `00000000-0000-7000-9000-${turn.toString(16).padStart(12, '0')}`
  const atMs = Math.floor(startMs + turn * betweenTurnsMs)
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
  const ended = event('turn/completed', { turn: { id: turnId, items: [], status: end } })
  if (end === 'none') return begun
  if (end === 'interrupted') return [...begun, ended]
  return [
    ...begun,
    event('item/completed', { item: answer }, said),
    event('thread/tokenUsage/updated', { tokenUsage: { total: { totalTokens: 1000 }, last: { totalTokens: 10 } } }),
    ended,
  ]
}

/** As a submit leaves it once its prompt is recorded. */
function noteRequest(threadId: string, turn: number): void {
  remember.run({ key: ledger.threads.counters(threadId).key, turn, atMs: Math.floor(startMs + turn * betweenTurnsMs) })
}
