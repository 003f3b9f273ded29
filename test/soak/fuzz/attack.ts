/** A process that writes the cases of a run, many connections at once, until it is told to stop; then it says what it did. */
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { type FuzzCase, fuzzCase } from './cases.ts'
import { type CodexRequests, Grammar, type SocketName } from './grammar.ts'
import { Replies } from './replies.ts'
import type { Named } from './schema.ts'

export interface AttackOrders {
  readonly paths: Readonly<Record<SocketName, string>>
  readonly codex: CodexRequests
  readonly seed: number
  /** Its cases are the first, and then every so many. */
  readonly first: number
  readonly step: number
  readonly connectionsAtOnce: number
}

export type ToAttacker = { readonly begin: AttackOrders } | { readonly named: Named } | { readonly stop: true }

export interface AttackReport {
  readonly count: { connections: number; http: number; frames: number; messages: number; bytes: number }
  /** By socket and method: how often it was accepted, and refused. */
  readonly met: Readonly<Record<SocketName, Readonly<Record<string, readonly [accepted: number, refused: number]>>>>
  /** Cases that were open when it stopped. */
  readonly open: readonly string[]
}

/** What a connection waits for the first answer before it leaves, and for the next: most have them, or are ended, long before. */
const mostStayMs = 5000
const quietMs = 400
const count = { connections: 0, http: 0, frames: 0, messages: 0, bytes: 0 }
const met = { daemon: new Map<string, [number, number]>(), codex: new Map<string, [number, number]>() }
const open = new Map<number, FuzzCase>()
let named: Named = { threadIds: [], turnIds: [], approvalIds: [] }
let isOver = false

process.on('message', (message: ToAttacker) => {
  if ('begin' in message) attack(message.begin)
  else if ('named' in message) named = message.named
  else {
    isOver = true
    const report: AttackReport = {
      count,
      met: { daemon: Object.fromEntries(met.daemon), codex: Object.fromEntries(met.codex) },
      open: [...open].map(([number, { socket, kind }]) => `case ${number}: ${kind} on ${socket}.sock`),
    }
    process.send?.(report, () => process.exit(0))
  }
})
process.once('disconnect', () => process.exit(0))

function attack(orders: AttackOrders): void {
  const grammar = new Grammar(orders.codex)
  let next = orders.first
  const keepConnecting = async () => {
    while (!isOver) {
      const number = next
      next += orders.step
      const drawn = fuzzCase(grammar, orders.seed, number, named)
      open.set(number, drawn)
      await play(drawn, orders.paths)
      open.delete(number)
      count.connections += 1
      count[drawn.kind] += drawn.messages
    }
  }
  for (let one = 0; one < orders.connectionsAtOnce; one += 1) void keepConnecting()
}

/** Writes it all, and stays as long as something comes back, but not for long. */
async function play({ socket: name, writes, hasty, asked }: FuzzCase, paths: AttackOrders['paths']): Promise<void> {
  const socket = connect(paths[name])
  const replies = new Replies((id, isAccepted) => note(name, asked.get(id), isAccepted))
  let cameAtMs: number | undefined
  socket.on('error', () => {})
  socket.on('data', (data) => {
    cameAtMs = performance.now()
    count.bytes += data.length
    replies.push(data)
  })
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  for (const bytes of writes) socket.write(bytes)
  if (!hasty) {
    const untilMs = performance.now() + mostStayMs
    const isQuiet = () => performance.now() > Math.min(untilMs, (cameAtMs ?? untilMs) + quietMs)
    while (!socket.destroyed && !isQuiet()) await Promise.race([closed, delay(20)])
  }
  socket.destroy()
  await closed
}

function note(socket: SocketName, method: string | undefined, isAccepted: boolean): void {
  if (method === undefined) return
  const counts = met[socket].get(method) ?? [0, 0]
  counts[isAccepted ? 0 : 1] += 1
  met[socket].set(method, counts)
}
