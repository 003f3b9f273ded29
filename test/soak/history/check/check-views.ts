/** Everybody sees the same events: ids ascend, an id has one content, and nothing that stays is left out. */
import type { History, Observation, SeenEvent, Violation } from '../history.ts'
import { isLasting } from './index-ledger.ts'

export function checkViews(history: History): Violation[] {
  return [
    ...checkContents(history),
    ...history.observations.flatMap((seen) => [...checkOrder(seen), ...checkOthers(seen, history)]),
    ...history.observations.flatMap((seen) => [...checkLasting(seen, history.ledger.get(seen.threadId) ?? [])]),
    ...checkJoined(history),
    ...checkStockItems(history),
  ]
}

function checkContents({ ledger, observations }: History): Violation[] {
  const contents = new Map<string, { readonly text: string; readonly who: string }>()
  const violations: Violation[] = []
  const all = [
    ...[...ledger].map(([threadId, events]) => ({ who: 'ledger', threadId, events })),
    ...observations.map(({ who, threadId, events }) => ({ who, threadId, events })),
  ]
  for (const { who, threadId, events } of all)
    for (const event of events) {
      const key = `${threadId} ${event.id}`
      const text = JSON.stringify(event)
      const known = contents.get(key)
      if (!known) contents.set(key, { text, who })
      else if (known.text !== text)
        violations.push({
          promise: `an id with two contents: ${known.who} has ${known.text}, ${who} ${text}`,
          threadId,
          around: [event.id],
        })
    }
  return violations
}

function checkOrder({ who, threadId, after, events }: Observation): Violation[] {
  const ids = [after, ...events.map(({ id }) => id)]
  const at = ids.findIndex((id, index) => index > 0 && id <= Number(ids[index - 1]))
  return [
    ...(at < 0
      ? []
      : [{ promise: `${who}: id ${ids[at]} comes after ${ids[at - 1]}`, threadId, around: ids.slice(at - 1, at + 1) }]),
  ]
}

/** So long does a command wait for a daemon that has taken its connection, less what the two clocks of the soak may differ. */
const waitedMs = 9000

/** A follower hears of nothing but events; one that finds a daemon frozen may say so, and end with 5. */
function checkOthers({ who, threadId, others }: Observation, { faults }: History): Violation[] {
  const frozen = faults.filter(
    ({ what, startedMs, endedMs }) => what === 'SIGSTOP of the daemon' && endedMs - startedMs > waitedMs,
  )
  const isExcused = (atMs: number, line: string) =>
    line.includes('"name":"unavailable"') &&
    frozen.some(({ startedMs, endedMs }) => atMs > startedMs && atMs < endedMs + waitedMs)
  return others.flatMap(({ atMs, line }) =>
    isExcused(atMs, line) ? [] : [{ promise: `${who} was given ${line}`, threadId }],
  )
}

/** From where it began up to the last that it has, somebody has what the ledger has. */
function* checkLasting(
  { who, threadId, after, events }: Observation,
  ledger: readonly SeenEvent[],
): Generator<Violation> {
  const last = events.at(-1)?.id ?? after
  const seen = new Set(events.map(({ id }) => id))
  const known = new Set(ledger.map(({ id }) => id))
  const missing = ledger.filter(
    (event) => event.id > after && event.id <= last && isLasting(event) && !seen.has(event.id),
  )
  const gone = events.filter((event) => isLasting(event) && !known.has(event.id))
  for (const { id, method, turnId } of missing.slice(0, 1))
    yield {
      promise: `${who} misses ${missing.length} events, the first is ${id}, ${method}`,
      threadId,
      around: [id],
      ...(turnId ? { turnId } : {}),
    }
  for (const { id, method, turnId } of gone.slice(0, 1))
    yield {
      promise: `${who} has ${gone.length} events that are gone, the first is ${id}, ${method}`,
      threadId,
      around: [id],
      ...(turnId ? { turnId } : {}),
    }
}

/** The parts of an answer, as they came, are parts of the whole, in order; before the first hole they begin it. */
function checkJoined({ ledger, observations }: History): Violation[] {
  const finals = new Map<string, string>()
  for (const [threadId, events] of ledger)
    for (const {
      method,
      params: { item },
    } of events)
      if (method === 'item/completed' && item?.type === 'agentMessage')
        finals.set(`${threadId} ${item.id}`, item.text ?? '')
  return observations.flatMap(({ who, threadId, events, kind }) =>
    kind === 'page'
      ? []
      : [...joinedItems(events)].flatMap(([itemId, { pieces, ids, isFromStart }]) => {
          const final = finals.get(`${threadId} ${itemId}`)
          if (final === undefined || areParts(pieces, final, isFromStart)) return []
          return [
            {
              promise: `${who} has ${JSON.stringify(pieces)} of ${JSON.stringify(final)}`,
              threadId,
              around: ids.slice(0, 3),
            },
          ]
        }),
  )
}

interface Joined {
  readonly pieces: string[]
  readonly ids: number[]
  isFromStart: boolean
}

function joinedItems(events: readonly SeenEvent[]): Map<string, Joined> {
  const items = new Map<string, Joined>()
  for (const { id, method, params } of events) {
    if (method === 'item/started' && params.item)
      items.set(params.item.id, { pieces: [''], ids: [id], isFromStart: true })
    for (const itemId of method === 'share/missed' ? (params.itemIds ?? []) : []) items.get(itemId)?.pieces.push('')
    if (method !== 'item/agentMessage/delta' || params.itemId === undefined) continue
    const joined = items.get(params.itemId) ?? { pieces: [''], ids: [], isFromStart: false }
    items.set(params.itemId, joined)
    joined.pieces.push(`${joined.pieces.pop() ?? ''}${params.delta ?? ''}`)
    joined.ids.push(id)
  }
  return items
}

function areParts(pieces: readonly string[], whole: string, isFromStart: boolean): boolean {
  let from = 0
  for (const [index, piece] of pieces.entries()) {
    const at = whole.indexOf(piece, from)
    if (at < 0 || (index === 0 && isFromStart && at > 0)) return false
    from = at + piece.length
  }
  return true
}

function checkStockItems({ stockItems, ledger }: History): Violation[] {
  const texts = new Map(
    [...ledger.values()]
      .flat()
      .flatMap(({ method, params: { item } }) =>
        method === 'item/completed' && item?.type === 'agentMessage' ? [[item.id, item.text ?? ''] as const] : [],
      ),
  )
  return stockItems.flatMap(({ who, threadId, itemId, text }) =>
    texts.get(itemId) === text
      ? []
      : [
          {
            promise: `${who} heard ${JSON.stringify(text)} as ${itemId}, the ledger has ${JSON.stringify(texts.get(itemId))}`,
            threadId,
          },
        ],
  )
}
