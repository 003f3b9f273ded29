/** The cases: each is what one connection writes, drawn from the seed and the case's number alone. */
import { type Chance, chanceOf } from './chance.ts'
import { callOnCodexSocket, callOnDaemonSocket, introduction, type Named } from './methods.ts'
import { oddFrames, textFrame } from './odd-frames.ts'
import { oddHttp, upgradeRequest } from './odd-http.ts'
import { oddMessage, plainMessage, type Wire } from './odd-messages.ts'

export interface FuzzCase {
  readonly socket: 'daemon' | 'codex'
  readonly kind: 'http' | 'frames' | 'messages'
  readonly writes: readonly Buffer[]
  /** How many messages, frames or requests that is. */
  readonly messages: number
  /** It leaves at once, without waiting for what comes back. */
  readonly hasty: boolean
}

const newline = Buffer.from('\n')

export function fuzzCase(seed: number, number: number, named: Named): FuzzCase {
  const chance = chanceOf(seed * 1_000_003 + number)
  const hasty = chance.percent(15)
  if (chance.percent(45)) return { ...daemonCase(chance, named), hasty }
  if (chance.percent(30)) return { ...httpCase(chance), hasty }
  return { ...codexCase(chance, named), hasty }
}

type Drawn = Omit<FuzzCase, 'hasty'>

function daemonCase(chance: Chance, named: Named): Drawn {
  const wire: Wire = { versioned: true }
  const readOnly = chance.percent(30)
  const hello = Buffer.from(`${plainMessage('hello', introduction('daemon', { readOnly }), wire)}\n`)
  const odd = chance.times(1 + chance.below(12), () => {
    const message = oddMessage(callOnDaemonSocket(chance, named, { readOnly }), wire, chance)
    return chance.percent(95) ? Buffer.concat([message, newline]) : message
  })
  // The role is the first thing that is said, or some of what follows could end the daemon as it may.
  return { socket: 'daemon', kind: 'messages', writes: [hello, ...odd], messages: odd.length }
}

function httpCase(chance: Chance): Drawn {
  const writes = chance.times(1 + chance.below(2), () => oddHttp(chance))
  return { socket: 'codex', kind: 'http', writes, messages: writes.length }
}

function codexCase(chance: Chance, named: Named): Drawn {
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
  const odd = chance.times(1 + chance.below(10), () => {
    const message = oddMessage(callOnCodexSocket(chance, named), wire, chance)
    return kind === 'frames' && chance.percent(60) ? oddFrames(message, chance) : textFrame(message)
  })
  return { socket: 'codex', kind, writes: [upgradeRequest, ...first, ...odd], messages: odd.length }
}
