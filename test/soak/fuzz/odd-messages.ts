/** JSON-RPC as nobody should write it, around calls that are right. */
import type { Chance } from '../chance.ts'
import type { Call } from './grammar.ts'
import { damage, type Members, mutate, objectText, oddValue, valueText } from './odd-json.ts'

export interface Wire {
  /** Whether messages carry `jsonrpc`. */
  readonly versioned: boolean
}

/** The message as it should be. */
export function plainMessage(id: unknown, { method, params }: Call, { versioned }: Wire): string {
  return objectText([...version(versioned), ['method', method], ['id', id], ['params', { raw: objectText(params) }]])
}

/** One message, right or wrong in some way. */
export function oddMessage(call: Call, wire: Wire, chance: Chance): Buffer {
  const text = chance.pick(forms)(call, wire, chance)
  return chance.percent(8) ? damage(text, chance) : Buffer.from(text)
}

type Form = (call: Call, wire: Wire, chance: Chance) => string

const request: Form = (call, wire, chance) => {
  const params = chance.percent(70) ? mutate(call.params, chance) : call.params
  return plainMessage(chance.percent(80) ? call.id : anId(chance), { ...call, params }, wire)
}

const forms: readonly Form[] = [
  // Requests are what most of the code is for.
  ...Array<Form>(10).fill(request),
  (call, wire, chance) => plainMessage(oddValue(chance), call, wire),
  ({ method }, { versioned }, chance) =>
    objectText([...version(versioned), ['id', anId(chance)], ['method', method], ['params', oddValue(chance)]]),
  ({ method, params }, { versioned }, chance) =>
    objectText([...version(versioned), ['method', method], ['params', { raw: objectText(mutate(params, chance)) }]]),
  (call, wire, chance) => objectText(mutate(membersOf(call, wire, chance), chance)),
  (call, wire, chance) => `[${plainMessage(anId(chance), call, wire)},${plainMessage(anId(chance), call, wire)}]`,
  (_call, { versioned }, chance) =>
    objectText([...version(versioned), ['id', anyId(chance)], ['result', oddValue(chance)]]),
  (_call, { versioned }, chance) =>
    objectText([...version(versioned), ['error', anError(chance)], ['id', anyId(chance)]]),
  (_call, { versioned }, chance) =>
    objectText([
      ...version(versioned),
      ['method', '$/cancelRequest'],
      ['params', chance.percent(50) ? { id: anId(chance) } : { raw: objectText([['id', oddValue(chance)]]) }],
    ]),
  (_call, { versioned }, chance) =>
    objectText([...version(versioned), ['method', oddValue(chance)], ['id', anId(chance)], ['params', {}]]),
  (_call, _wire, chance) => valueText(oddValue(chance)),
]

function membersOf({ method, params }: Call, { versioned }: Wire, chance: Chance): Members {
  return [...version(versioned), ['id', anId(chance)], ['method', method], ['params', { raw: objectText(params) }]]
}

function version(versioned: boolean): Members {
  return versioned ? [['jsonrpc', '2.0']] : []
}

/** Few, so that they come twice. */
function anId(chance: Chance): string | number {
  return chance.pick([0, 1, 2, 3, 4, 5, 'a', 'b', '', '__proto__', -1, 2 ** 53 - 1])
}

/** Also those that the daemon and Codex use themselves. */
function anyId(chance: Chance): unknown {
  return chance.percent(80)
    ? chance.pick([0, 1, 2, 3, 'codex-share-initialize-', 'codex-share-thread/resume-x'])
    : oddValue(chance)
}

function anError(chance: Chance): unknown {
  if (chance.percent(40)) return oddValue(chance)
  return {
    raw: objectText(
      mutate(
        [
          ['code', -32000],
          ['message', 'no'],
          ['data', oddValue(chance)],
        ],
        chance,
      ),
    ),
  }
}
