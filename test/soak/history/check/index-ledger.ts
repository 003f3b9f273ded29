/** What the ledger says of each turn, read once for all checks. */
import type { History, SeenEvent } from '../history.ts'

export interface LedgerPrompt {
  readonly id: number
  readonly threadId: string
  readonly turnId: string | null
  readonly text: string
  readonly clientId: string | null
  readonly by: SeenEvent['by']
}

export interface LedgerTurn {
  readonly threadId: string
  readonly turnId: string
  readonly starts: readonly number[]
  readonly ends: readonly { readonly id: number; readonly status: string }[]
  readonly prompts: readonly string[]
  readonly answers: readonly { readonly id: number; readonly text: string }[]
}

export interface LedgerIndex {
  readonly prompts: ReadonlyMap<string, readonly LedgerPrompt[]>
  readonly turns: ReadonlyMap<string, LedgerTurn>
}

export function isLasting({ method }: Pick<SeenEvent, 'method'>): boolean {
  return !/[dD]elta$/.test(method)
}

export function indexLedger(ledger: History['ledger']): LedgerIndex {
  const all = [...ledger.values()].flat()
  const prompts = all.flatMap((event) => promptIn(event) ?? [])
  return {
    prompts: Map.groupBy(prompts, ({ text }) => text),
    turns: new Map([...Map.groupBy(all, ({ turnId }) => turnId)].flatMap(([id, events]) => turnOf(id, events))),
  }
}

function promptIn({ id, threadId, turnId, method, params: { item }, by }: SeenEvent): LedgerPrompt | undefined {
  if (method !== 'item/completed' || item?.type !== 'userMessage') return undefined
  const text = item.content?.map((part) => part.text ?? '').join('') ?? ''
  return { id, threadId, turnId, text, clientId: item.clientId ?? null, by }
}

function turnOf(turnId: string | null, events: readonly SeenEvent[]): [string, LedgerTurn][] {
  const [first] = events
  if (turnId === null || first === undefined) return []
  const starts = events.filter(({ method }) => method === 'turn/started').map(({ id }) => id)
  const ends = events.flatMap(({ id, method, params: { turn } }) =>
    method === 'turn/completed' && turn ? [{ id, status: turn.status }] : [],
  )
  const answers = events.flatMap(({ id, method, params: { item } }) =>
    method === 'item/completed' && item?.type === 'agentMessage' ? [{ id, text: item.text ?? '' }] : [],
  )
  const prompts = events.flatMap((event) => promptIn(event)?.text ?? [])
  return [[turnId, { threadId: first.threadId, turnId, starts, ends, prompts, answers }]]
}
