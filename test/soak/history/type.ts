/** A person at the unmodified Codex UI: types a prompt, waits for the answer, and opens a new UI when none comes. */
import { setTimeout as delay } from 'node:timers/promises'
import { openStockUi, type StockUi } from '../../support/peers/stock-ui.ts'
import { drawPrompt } from './answers.ts'
import type { Recording } from './recording.ts'

const patienceMs = 15_000

export async function keepTyping(recording: Recording, actor: string): Promise<void> {
  const { site, threads, attempts } = recording
  const chance = recording.chance(actor)
  const threadId = chance.pick(threads)
  let ui: StockUi | undefined
  const leave = () => {
    ui?.close()
    ui = undefined
  }
  for (let n = 1; !recording.isOver(); n += 1) {
    const pauseMs = 500 + chance.below(4000)
    const name = `${actor.replace(' ', '')}-${n}`
    const prompt = drawPrompt(name, chance)
    ui ??= await openStockUi(site, { threadId }).catch(() => undefined)
    if (ui) {
      const startedMs = Date.now()
      // What a UI holds back when it is closed is gone with it.
      const isAnswered = await ui
        .say(prompt)
        .then(() => ui?.shows(`Answer to ${name}`, patienceMs))
        .then(() => true)
        .catch(() => false)
      attempts.push({
        ...{ actor, kind: 'ui', threadId, prompt, requestId: null, startedMs, endedMs: Date.now() },
        outcome: { is: 'unknown', why: isAnswered ? 'an answer is shown' : 'no answer is shown' },
      })
      if (!isAnswered) leave()
    }
    await delay(pauseMs)
  }
  leave()
}
