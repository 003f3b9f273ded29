/** The cases: each is what one connection writes, drawn from the seed and the case's number alone. */
import { type Chance, chanceOf } from '../chance.ts'
import { type Grammar, introduction } from './grammar.ts'
import { oddFrames, textFrame } from './odd-frames.ts'
import { oddHttp, upgradeRequest } from './odd-http.ts'
import { oddMessage, plainMessage, type Wire } from './odd-messages.ts'
import type { Named } from './schema.ts'

export interface FuzzCase {
  readonly socket: 'daemon' | 'codex'
  readonly kind: 'http' | 'frames' | 'messages'
  readonly writes: readonly Buffer[]
  /** How many messages, frames or requests that is. */
  readonly messages: number
  /** Method by id, of the calls whose reply is theirs alone. */
  readonly asked: ReadonlyMap<string, string>
  /** It leaves at once, without waiting for what comes back. */
  readonly hasty: boolean
}

const newline = Buffer.from('\n')

export function fuzzCase(grammar: Grammar, seed: number, number: number, named: Named): FuzzCase {
  const chance = chanceOf(seed * 1_000_003 + number)
  const hasty = chance.percent(15)
  if (chance.percent(45)) return { ...daemonCase(grammar, chance, named), hasty }
  if (chance.percent(30)) return { ...httpCase(chance), hasty }
  return { ...codexCase(grammar, chance, named), hasty }
}

type Drawn = Omit<FuzzCase, 'hasty'>

function daemonCase(grammar: Grammar, chance: Chance, named: Named): Drawn {
  const wire: Wire = { versioned: true }
  const readOnly = chance.percent(30)
  const hello = Buffer.from(`${plainMessage('hello', introduction('daemon', { readOnly }), wire)}\n`)
  const asked = new Map<string, string>()
  const odd = chance.times(1 + chance.below(25), () => {
    const call = grammar.call('daemon', chance, named, { id: `g${asked.size}`, mayEnd: readOnly })
    asked.set(call.id, call.method)
    const message = oddMessage(call, wire, chance)
    return chance.percent(95) ? Buffer.concat([message, newline]) : message
  })
  // The role is the first thing that is said, or some of what follows could end the daemon as it may.
  return { socket: 'daemon', kind: 'messages', writes: [hello, ...odd], messages: odd.length, asked }
}

function httpCase(chance: Chance): Drawn {
  const writes = chance.times(1 + chance.below(2), () => oddHttp(chance))
  return { socket: 'codex', kind: 'http', writes, messages: writes.length, asked: new Map() }
}

function codexCase(grammar: Grammar, chance: Chance, named: Named): Drawn {
  const wire: Wire = { versioned: false }
  const kind = chance.percent(30) ? 'frames' : 'messages'
  const introduced = introduction('codex', { readOnly: false })
  const hello = textFrame(Buffer.from(plainMessage('hello', introduced, wire)))
  // Some come in without a word, and some are wrong about themselves at first.
  const first = chance.pick([
    [hello],
    [hello],
    [hello],
    [hello],
    [textFrame(oddMessage(introduced, wire, chance)), hello],
    [],
  ])
  const asked = new Map<string, string>()
  const odd = chance.times(1 + chance.below(20), () => {
    const call = grammar.call('codex', chance, named, { id: `g${asked.size}`, mayEnd: false })
    asked.set(call.id, call.method)
    const message = oddMessage(call, wire, chance)
    return kind === 'frames' && chance.percent(60) ? oddFrames(message, chance) : textFrame(message)
  })
  return { socket: 'codex', kind, writes: [upgradeRequest, ...first, ...odd], messages: odd.length, asked }
}
