/** A person at a plain `codex` that comes through the daemon: begins threads of their own, into which a script posts while they type. */
import { setTimeout as delay } from 'node:timers/promises'
import { controlSocketPath } from '../../../src/platform/places/codex-home.ts'
import type { StockPeer } from '../../support/peers/stock-peer.ts'
import type { Chance } from '../chance.ts'
import { drawPrompt } from './answers.ts'
import { joinAsCodex, outcomeOfCall, within } from './connect.ts'
import type { Outcome } from './history.ts'
import { post } from './post.ts'
import type { Recording } from './recording.ts'

export async function keepSharingPrivate(recording: Recording, actor: string): Promise<void> {
  const { site, sharedLater } = recording
  const chance = recording.chance(actor)
  const path = controlSocketPath(site.codexHome)
  for (let n = 1; !recording.isOver(); n += 1) {
    const pauseMs = 500 + chance.below(5000)
    const peer = await joinAsCodex(path, [])
    const threadId = peer && (await within(5000, peer.startThread()))
    if (peer && threadId) {
      const name = `${actor.replace(' ', '')}-${n}`
      const outcome = await shareMeanwhile(recording, { actor, name, peer, threadId, chance })
      if (outcome === 'acknowledged') sharedLater.push(threadId)
    }
    peer?.close()
    await delay(pauseMs)
  }
}

interface PrivateScene {
  readonly actor: string
  readonly name: string
  readonly peer: StockPeer
  readonly threadId: string
  readonly chance: Chance
}

/** Types and posts at about the same moment, in a thread in which something was said before or nothing. What became of the post. */
async function shareMeanwhile(recording: Recording, scene: PrivateScene): Promise<string> {
  const { actor, name, peer, threadId, chance } = scene
  if (chance.percent(50)) {
    const first = await type(recording, scene, `${name}a say 3 every 0`)
    // Into a turn that runs, Codex takes what else its own person types.
    if (first.is !== 'acknowledged') return first.is
    if (!(await within(10_000, peer.told('turn/completed', { turn: { id: first.turnId } })))) return 'unknown'
    await delay(chance.below(400))
  }
  const [typesMs, postsMs] = [chance.below(300), chance.below(300)]
  const submit = {
    ...{ threadId, prompt: drawPrompt(`${name}p`, chance), requestId: `${name}p` },
    flags: ['--json', '--if-busy', 'wait'],
  }
  const typing = delay(typesMs).then(() => type(recording, scene, drawPrompt(`${name}b`, chance)))
  const posting = delay(postsMs).then(() => post(recording, `${actor} post`, submit))
  const [outcome] = await Promise.all([posting, typing])
  return outcome.is
}

async function type(
  { attempts }: Recording,
  { actor, peer, threadId }: PrivateScene,
  prompt: string,
): Promise<Outcome> {
  const startedMs = Date.now()
  const outcome = await outcomeOfCall(peer, peer.prompt(threadId, prompt))
  attempts.push({
    ...{ actor, kind: 'private', threadId, prompt, requestId: null, startedMs, endedMs: Date.now() },
    outcome,
  })
  return outcome
}
