/** Clients with a connection of their own that they drop now and then: on `daemon.sock`, and on `codex.sock` in Codex's own words. */
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { readLiveRecord } from '../../../src/platform/processes/process-record.ts'
import { ShareError } from '../../../src/protocol/errors.ts'
import { connectStockPeer, type Message, type StockPeer, turnIdIn } from '../../support/peers/stock-peer.ts'
import { connectTestPeer, type TestPeer } from '../../support/peers/test-peer.ts'
import { signalIfThere } from '../../support/waiting/signal-if-there.ts'
import { drawPrompt } from './answers.ts'
import type { Outcome, SeenEvent } from './history.ts'
import { outcomeOfError, type Recording, Watcher } from './recording.ts'

export async function keepSubmitting(recording: Recording, actor: string): Promise<void> {
  const { site, threads, attempts, observations, faults } = recording
  const chance = recording.chance(actor)
  const watcher = new Watcher(actor)
  let peer: TestPeer | undefined
  const leave = () => {
    peer?.close()
    watcher.add((peer?.events ?? []) as readonly SeenEvent[])
    peer = undefined
  }
  for (let n = 1; !recording.isOver(); n += 1) {
    const pauseMs = 50 + chance.below(900)
    const threadId = chance.pick(threads)
    const prompt = drawPrompt(`${actor.replace(' ', '')}-${n}`, chance)
    const dropMs = chance.percent(15) ? chance.below(400) : undefined
    const victim = chance.percent(8) ? chance.pick([site.ownerRecord, site.appServerRecord]) : undefined
    const victimPid = victim === undefined ? undefined : (await readLiveRecord(victim))?.pid
    if (!peer || peer.closed) {
      leave()
      peer = await joinAll(join(site.runtimeDir, 'daemon.sock'), actor, threads, watcher)
    }
    if (peer) {
      const startedMs = Date.now()
      if (dropMs !== undefined) setTimeout(leave, dropMs)
      const outcome = await submitOver(peer, { threadId, prompt, requestId: prompt })
      // The moment in which most is known to the caller, and least is written down.
      if (victimPid !== undefined && outcome.is === 'acknowledged') {
        signalIfThere(victimPid, 'SIGKILL')
        faults.push({ what: 'kill -9 at the acknowledgement', startedMs, endedMs: Date.now() })
      }
      attempts.push({
        actor,
        kind: 'socket',
        threadId,
        prompt,
        requestId: prompt,
        startedMs,
        endedMs: Date.now(),
        outcome,
      })
    }
    await delay(pauseMs)
  }
  leave()
  observations.push(...watcher.observations())
}

async function joinAll(
  socket: string,
  label: string,
  threads: readonly string[],
  watcher: Watcher,
): Promise<TestPeer | undefined> {
  try {
    const peer = await connectTestPeer(socket, { label })
    for (const threadId of threads) await peer.follow(threadId, watcher.lastOf(threadId))
    return peer
  } catch {
    return undefined // There is no daemon at this moment.
  }
}

async function submitOver(
  peer: TestPeer,
  { threadId, prompt, requestId }: { readonly threadId: string; readonly prompt: string; readonly requestId: string },
): Promise<Outcome> {
  try {
    const { turn } = await peer.submit(threadId, prompt, requestId)
    return { is: 'acknowledged', turnId: turn.id, duplicate: null }
  } catch (error) {
    if (error instanceof ShareError) return outcomeOfError(error.errorName)
    throw error
  }
}

/** `socket`: `codex.sock`, or where a plain `codex` looks for its background server. */
export async function keepSubmittingAsCodex(recording: Recording, actor: string, socket: string): Promise<void> {
  const { threads, attempts } = recording
  const chance = recording.chance(actor)
  let peer: StockPeer | undefined
  for (let n = 1; !recording.isOver(); n += 1) {
    const pauseMs = 300 + chance.below(2500)
    const threadId = chance.pick(threads)
    const prompt = drawPrompt(`${actor.replace(' ', '')}-${n}`, chance)
    const isDropped = chance.percent(15)
    if (!peer || peer.closed) peer = await joinAsCodex(socket, threads)
    if (peer) {
      const startedMs = Date.now()
      const outcome = await outcomeOfCall(peer, peer.prompt(threadId, prompt))
      attempts.push({
        actor,
        kind: 'stock',
        threadId,
        prompt,
        requestId: null,
        startedMs,
        endedMs: Date.now(),
        outcome,
      })
    }
    await delay(pauseMs)
    if (peer) noteItems(recording, actor, peer)
    if (isDropped) peer?.close()
  }
  peer?.close()
}

export async function joinAsCodex(socket: string, threads: readonly string[]): Promise<StockPeer | undefined> {
  const peer = await within(5000, connectStockPeer(socket))
  for (const threadId of peer ? threads : [])
    await within(5000, peer?.call('thread/resume', { threadId, excludeTurns: true }))
  return peer
}

/** Undefined when it fails, or takes longer: a connection that ends leaves its calls unanswered. */
export async function within<T>(ms: number, asked: Promise<T> | undefined): Promise<T | undefined> {
  return Promise.race([asked?.catch(() => undefined), delay(ms, undefined, { ref: false })])
}

export async function outcomeOfCall(peer: StockPeer, asked: Promise<Message>): Promise<Outcome> {
  const reply = peer.closed ? undefined : await within(60_000, Promise.race([asked, untilClosed(peer)]))
  if (!reply) return { is: 'unknown', why: 'no reply' }
  if (reply.result !== undefined) return { is: 'acknowledged', turnId: turnIdIn(reply), duplicate: null }
  const { code, message } = reply.error as { readonly code: number; readonly message: string }
  // Codex's word for "try again", said also where the app-server died in the midst of it.
  return code === -32001 ? { is: 'unknown', why: message } : { is: 'refused', why: message }
}

const ends = new WeakMap<StockPeer, Promise<undefined>>()

/** One listener for each connection, however often it is asked. */
function untilClosed(peer: StockPeer): Promise<undefined> {
  const known = ends.get(peer)
  if (known !== undefined) return known
  const end = new Promise<undefined>((resolve) => peer.ws.once('close', () => resolve(undefined)))
  ends.set(peer, end)
  return end
}

function noteItems({ stockItems }: Recording, who: string, { frames }: StockPeer): void {
  for (const frame of frames.splice(0)) {
    const { method, params } = JSON.parse(frame) as {
      readonly method?: string
      readonly params?: SeenEvent['params'] & { readonly threadId: string }
    }
    const item = params?.item
    if (method === 'item/completed' && params && item?.type === 'agentMessage')
      stockItems.push({ who, threadId: params.threadId, itemId: item.id, text: item.text ?? '' })
  }
}
