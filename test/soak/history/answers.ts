/** Prompts whose words say what the scripted model answers, so that the final text is known beforehand. */
import type { ModelStep, ModelTurn } from '../../../src/demo/model-script.ts'
import type { Chance } from '../chance.ts'

const words = ['thread', 'turn', 'item', 'event', 'peer', 'cursor', 'ledger', 'größer', '日本', '🙂']

/** A prompt that no other is like: `NAME say 40 every 5`, `NAME run`, `NAME fail`. */
export function drawPrompt(name: string, chance: Chance): string {
  if (chance.percent(6)) return `${name} fail`
  if (chance.percent(12)) return `${name} run`
  const everyMs = chance.percent(35) ? chance.pick([2, 10, 40]) : 0
  return `${name} say ${1 + chance.below(everyMs === 0 ? 300 : 60)} every ${everyMs}`
}

export function answerByWords({ prompt, toolOutput }: ModelTurn): readonly ModelStep[] {
  const { verb, everyMs } = readPrompt(prompt)
  if (verb === 'fail') return [{ fail: 'the model is out of order' }]
  if (verb === 'run' && toolOutput === undefined) return [{ run: 'echo ran' }]
  return [{ say: finalText(prompt) ?? `Answer to ${prompt}`, everyMs }]
}

/** The text of the answer when its turn completes; null where the turn fails. */
export function finalText(prompt: string): string | null {
  const { name, verb, count } = readPrompt(prompt)
  if (verb === 'fail') return null
  const start = [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0)
  const said = Array.from({ length: count }, (_, index) => words[(start + index * index) % words.length])
  return `Answer to ${name}: ${said.join(' ')}.`
}

function readPrompt(prompt: string): { name: string; verb: string; count: number; everyMs: number } {
  const [name = '', verb = '', count = '3', , everyMs = '0'] = prompt.split(' ')
  return { name, verb, count: Number(count), everyMs: Number(everyMs) }
}
