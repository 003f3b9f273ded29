/** Posts while a write of the ledger fails, or the daemon ends at it, and holds what is in the ledger afterwards against what was promised. */
import { join } from 'node:path'
import type { ShareEvent } from '../../../src/protocol/events.ts'
import type { TestPeer } from '../../support/peers/test-peer.ts'
import { endProcess, makeSite, scriptByWords, type TestSite } from '../../support/sites/daemon-process.ts'
import { type Fault, injectFault } from '../../support/system/strace.ts'
import { eventually } from '../../support/waiting/eventually.ts'

export interface FaultBench {
  /** Returns null when the post makes fewer such calls, else what became of it. Throws when a promise was broken. */
  post(fault: Pick<Fault, 'effect' | 'call' | 'at'>): Promise<string | null>
  close(): Promise<void>
}

export async function makeFaultBench(): Promise<FaultBench> {
  const asked = new Map<string, number>()
  const site = await makeSite({
    script: (turn) => {
      if (turn.toolOutput === undefined) asked.set(turn.prompt, (asked.get(turn.prompt) ?? 0) + 1)
      return scriptByWords(turn)
    },
  })
  let daemon = await site.startDaemon()
  let posts = 0
  return {
    post: async ({ effect, call, at }) => {
      posts += 1
      const prompt = `post ${posts}: ${call} ${at} ${effect}`
      const peer = await site.connect({ label: 'poster' })
      const threadId = await peer.startThread()
      const paths = ['', '-wal', '-journal'].map((end) => join(site.dir, `data/codex-share/ledger.db${end}`))
      const fault = await injectFault(Number(daemon.pid), { call, paths, effect, at })
      const first = await outcomeOf(peer, threadId, prompt)
      if (first === 'submitted') await settled(peer, threadId, effect)
      const struck = await fault.lift()
      const isDead = peer.closed || (struck && effect === 'SIGKILL')
      if (isDead) await endProcess(daemon)
      if (isDead) daemon = await site.startDaemon()
      if (first.startsWith('nothing') && asked.has(prompt)) throw new Error(`${prompt}: ${first}, and Codex has it`)
      await checkHistory(site, { threadId, prompt, asked })
      return struck || isDead ? first : null
    },
    close: () => site.close(),
  }
}

/** What the caller hears: that it was submitted, that nothing was, or that it is not known. */
async function outcomeOf(peer: TestPeer, threadId: string, prompt: string): Promise<string> {
  try {
    await peer.follow(threadId)
    await peer.submit(threadId, prompt, prompt)
    return 'submitted'
  } catch (error) {
    const name = error instanceof Error && 'errorName' in error ? error.errorName : String(error)
    if (name === 'unavailable') return 'nothing submitted'
    if (name === 'connectionLost') return 'outcome unknown'
    throw new Error(`${prompt}: refused with ${String(name)}`, { cause: error })
  }
}

/** The turn has ended for this peer, or it heard that nothing is recorded at present, or the daemon is gone. */
async function settled(peer: TestPeer, threadId: string, effect: Fault['effect']): Promise<void> {
  await eventually(`the turn ends, or ${effect} is met (${threadId})`, () => {
    const isStuck = peer.told.some(({ method }) => method === 'share/ledger')
    return isStuck || peer.closed || peer.events.some(({ method }) => method === 'turn/completed')
  })
}

interface Expected {
  readonly threadId: string
  readonly prompt: string
  readonly asked: ReadonlyMap<string, number>
}

/** The same request once more: it has run once by then, and the ledger has one whole turn, in order. */
async function checkHistory(site: TestSite, { threadId, prompt, asked }: Expected): Promise<void> {
  const peer = await site.connect({ label: 'poster' })
  await peer.follow(threadId, 0)
  const { turn } = await peer.submit(threadId, prompt, prompt)
  const status = await peer.turnEnd(turn.id)
  const told = peer.events.filter(({ turnId }) => turnId !== null).flatMap((event) => wordOf(event) ?? [])
  const whole = ['turn/started', `asked ${prompt} by poster`, `said You said: ${prompt}`, `turn/completed ${status}`]
  const ids = peer.events.map(({ id }) => id)
  const expected = JSON.stringify({ whole, status: 'completed', times: 1, inOrder: true })
  const found = {
    whole: told,
    status,
    times: asked.get(prompt) ?? 0,
    inOrder: ids.every((id, i) => id > (ids[i - 1] ?? 0)),
  }
  peer.close()
  if (JSON.stringify(found) !== expected)
    throw new Error(`${prompt}: the ledger has ${JSON.stringify(found)}, not ${expected}`)
}

/** What an event says, in a word; null for what may be missing or come often. */
function wordOf({ method, params, by }: ShareEvent): string | null {
  const item = params.item as { type: string; text?: string; content?: { text: string }[] } | undefined
  if (method === 'turn/started') return method
  if (method === 'turn/completed') return `${method} ${(params.turn as { status: string }).status}`
  if (method !== 'item/completed') return null
  if (item?.type === 'userMessage') return `asked ${item.content?.[0]?.text} by ${by?.label}`
  return item?.type === 'agentMessage' ? `said ${item.text}` : null
}
