/** Handing a thread over from one link to the other: each frame reaches the client once, and in order. */
import { expect } from 'chai'
import {
  type HandoverInput,
  type HandoverState,
  onOwnLink,
  step,
} from '../../../../../src/daemon/codex-socket/shared-link/handover-step.ts'
import type { Place } from '../../../../../src/daemon/codex-socket/shared-link/shared-link.ts'

const mostKeptBytes = 20

/** A client with both its links. Frames are named S (the start of a turn), E (its end), C (the thread is closed) or anything else, with a number behind. */
class Handover {
  state: HandoverState = onOwnLink
  /** What the client gets, and what else happens. */
  readonly log: string[] = []
  /** Whether the shared link follows the thread. */
  follows = true
  private readonly mostKeptBytes: number
  private place: Place | undefined

  constructor(mostBytes = mostKeptBytes) {
    this.mostKeptBytes = mostBytes
  }

  own(name: string): void {
    const started = this.follows && name.startsWith('S') ? name : null
    this.take({
      is: 'ownFrame',
      data: Buffer.from(name),
      effectKind: frameOf(name).effectKind,
      started,
      place: this.place,
    })
  }

  shared(name: string): void {
    if (name.startsWith('S')) this.place = { turnId: name, frames: 0 }
    else if (this.place) this.place = { ...this.place, frames: this.place.frames + 1 }
    this.take({ is: 'sharedFrame', frame: { data: Buffer.from(name), frame: frameOf(name) }, place: this.place })
  }

  take(input: HandoverInput): void {
    const { state, effects } = step(this.state, input, this.mostKeptBytes)
    this.state = state
    for (const effect of effects) {
      if (effect.is === 'pass' && input.is === 'ownFrame') this.log.push(String(input.data))
      else if (effect.is === 'deliver') this.log.push(String(effect.frame.data))
      else if (effect.is === 'unsubscribe') this.log.push(effect.begins ? 'unsubscribe' : 'unsubscribe again')
      else if (effect.is === 'cutOff') this.log.push(`cut off: ${effect.reason}`)
    }
  }
}

function frameOf(name: string) {
  const effectKind = ({ S: 'turnStarted', E: 'turnEnded', C: 'threadClosed' } as const)[name[0] ?? ''] ?? 'nothing'
  return { kind: 'notification', method: 'any', effectKind } as const
}

const inputs: Readonly<Record<string, HandoverInput>> = {
  left: { is: 'left', isUnsubscribed: true },
  refused: { is: 'left', isUnsubscribed: false },
  resumed: { is: 'resumed', runsTurn: true },
  resumedIdle: { is: 'resumed', runsTurn: false },
  lost: { is: 'linkLost', reason: 'it ended' },
  closed: { is: 'closed' },
}

/** `o:` is a frame on the own link, `s:` one on the shared link. */
function run(script: string): string {
  const handover = new Handover()
  for (const word of script.split(' ')) {
    const [link, name = ''] = word.split(':')
    const input = inputs[word]
    if (input) handover.take(input)
    else if (link === 'o') handover.own(name)
    else handover.shared(name)
  }
  return [...handover.log, `(${handover.state.way})`].join(' ')
}

const missing = 'cut off: the links do not send the same'

describe('Handing over a thread', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['begins when the own link is ahead', 'o:S o:1 o:2 s:S', 'S 1 2 unsubscribe (changing)'],
    ['begins when the shared link is ahead', 's:S s:1 o:S', 'S unsubscribe (changing)'],
    ['does not begin before both sent the start of the same turn', 's:S1 o:S2 o:1 s:1', 'S2 1 (own)'],
    ['does not begin in a turn whose start the own link has not sent', 'o:1 s:S s:1 o:2', '1 2 (own)'],
    ['does not begin in a turn that has ended on the own link', 'o:S o:1 o:E s:S s:1 s:E', 'S 1 E (own)'],
    ['begins with the end of a turn', 's:S s:1 o:S o:E', 'S unsubscribe E (changing)'],
    ['skips what the own link has sent', 'o:S s:S s:1 o:1 o:2 s:2 left s:3', 'S unsubscribe 1 2 3 (shared)'],
    ['skips what the shared link sends late', 'o:S o:1 s:S o:2 left s:1 s:2 s:3', 'S 1 unsubscribe 2 3 (shared)'],
    ['delivers what the shared link sent early', 'o:S s:S s:1 s:2 o:1 left s:3', 'S unsubscribe 1 2 3 (shared)'],
    ['has no seam where both have sent as much', 'o:S s:S left s:1', 'S unsubscribe 1 (shared)'],
    ['drops what the own link sends to everybody after that', 'o:S s:S left o:1 s:1', 'S unsubscribe 1 (shared)'],
    ['goes over turns', 'o:S1 s:S1 o:E1 o:S2 o:1 s:E1 left s:S2 s:1 s:2', 'S1 unsubscribe E1 S2 1 2 (shared)'],
    ['stays with the own link where Codex refuses', 'o:S s:S s:1 refused o:1 s:2 o:2', 'S unsubscribe 1 2 (own)'],
    ['cuts off where the links differ', 'o:S s:S o:1 left s:x', `S unsubscribe 1 ${missing} (own)`],
    ['cuts off where they differ early', 'o:S s:S o:1 s:x s:2 left', `S unsubscribe 1 ${missing} (own)`],
    ['cuts off where frames are missing', 's:S s:1 s:2 o:S o:1 left', `S unsubscribe 1 ${missing} (own)`],
    [
      'cuts off where too much is kept',
      'o:S s:S s:0123456789 s:0123456789 s:3 o:4',
      'S unsubscribe cut off: the change-over takes too long 4 (own)',
    ],
    ['needs no shared link before it begins', 'o:S lost s:S o:1', 'S 1 (own)'],
    ['cuts off where the shared link is lost', 'o:S s:S s:1 lost', 'S unsubscribe cut off: it ended (own)'],
    ['cuts off where it is lost later', 'o:S s:S left s:1 lost', 'S unsubscribe 1 cut off: it ended (own)'],
    ['ends when Codex closes the thread', 'o:S s:S left s:C s:1 o:2', 'S unsubscribe C 2 (own)'],
    ['ends when the client closes the thread', 'o:S s:S s:1 closed left s:2', 'S unsubscribe (own)'],
    [
      'begins again where the thread is resumed between turns',
      'o:S s:S left resumedIdle s:1 o:1',
      'S unsubscribe 1 (own)',
    ],
    [
      'stays with the shared link where the thread is resumed in a turn',
      'o:S s:S left resumed o:1 s:1 left s:2',
      'S unsubscribe unsubscribe again 1 2 (shared)',
    ],
    [
      'goes on where the thread is resumed meanwhile',
      'o:S s:S o:1 resumedIdle left s:1 s:2 left s:3',
      'S unsubscribe 1 unsubscribe again 2 3 (shared)',
    ],
    ['is as before where the thread is resumed early', 'o:S resumed o:1 s:S', 'S 1 unsubscribe (changing)'],
    ['waits for the next turn where it is resumed between turns', 'o:S resumedIdle s:S o:1', 'S 1 (own)'],
  ]
  for (const [title, script, log] of cases) it(title, () => expect(run(script)).to.equal(log))
})

/** The same sequence for the same seed. */
function randomBelow(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

/** Codex sends turns to two links, each of which brings its frames in order and whenever it likes. */
function playAtRandom(seed: number): { readonly sent: string[]; readonly got: string[]; readonly way: string } {
  const below = randomBelow(seed)
  const handover = new Handover(1000)
  handover.follows = false
  const sent: string[] = []
  const [own, shared]: [(() => void)[], (() => void)[]] = [[], []]
  const [turns, framesEach, followsFrom] = [4, below(6), below(12)]
  let [isSubscribed, unsubscribes] = [true, 0]
  const names = Array.from({ length: turns }, (_, turn) => [
    `S${turn}`,
    ...Array.from({ length: framesEach }, (_, frame) => `${turn}.${frame}`),
    `E${turn}`,
  ]).flat()
  const send = () => {
    const name = names[sent.length]
    if (name === undefined) return false
    handover.follows ||= sent.length >= followsFrom
    sent.push(name)
    if (isSubscribed) own.push(() => handover.own(name))
    if (handover.follows) shared.push(() => handover.shared(name))
    return true
  }
  const unsubscribe = () => {
    const asked = handover.log.filter((word) => word === 'unsubscribe').length
    if (asked === unsubscribes) return false
    unsubscribes = asked
    isSubscribed = false
    own.push(() => handover.take({ is: 'left', isUnsubscribed: true }))
    return true
  }
  const bring = (link: (() => void)[]) => {
    const next = link.shift()
    next?.()
    return next !== undefined
  }
  const moves = [send, unsubscribe, () => bring(own), () => bring(shared)]
  const favourite = below(moves.length)
  for (let idle = 0; idle < 300; ) idle = moves[below(3) === 0 ? favourite : below(moves.length)]?.() ? 0 : idle + 1
  return { sent, got: handover.log.filter((word) => word !== 'unsubscribe'), way: handover.state.way }
}

describe('Handing over a thread at random', () => {
  it('brings each frame once and in order, whichever link is faster', () => {
    const ways = new Set<string>()
    for (let seed = 0; seed < 2000; seed += 1) {
      const { sent, got, way } = playAtRandom(seed)
      ways.add(way)
      expect(got, `seed ${seed}`).to.deep.equal(sent)
    }
    expect([...ways].sort()).to.deep.equal(['own', 'shared'])
  })
})
