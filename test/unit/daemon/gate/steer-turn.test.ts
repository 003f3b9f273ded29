/** Whose turn may be steered, and that a prompt goes into it once. */
import { expect } from 'chai'
import type { GateDeps } from '../../../../src/daemon/gate/gate-deps.ts'
import { outcomeOf } from '../../../../src/daemon/gate/outcome.ts'
import { contentDigest } from '../../../../src/daemon/gate/request-id.ts'
import type { Sent } from '../../../../src/daemon/gate/sender.ts'
import { admitSteer, type Steerer } from '../../../../src/daemon/gate/steer-turn.ts'
import { TurnSlots } from '../../../../src/daemon/slots/turn-slots.ts'
import type { RequestRow } from '../../../../src/ledger/turn-store.ts'
import { ShareError } from '../../../../src/protocol/errors.ts'
import type { Author } from '../../../../src/protocol/events.ts'

const threadId = 't'
const ci = { label: 'ci', kind: 'script', pid: 1 } as const
const ann = { label: 'ann', kind: 'ui', pid: 2 } as const
const asked = { threadId, clientUserMessageId: 'r', input: [], expectedTurnId: 'x' }

describe('Steering a turn', () => {
  let slots: TurnSlots
  let log: unknown[][]
  let book: Map<string, RequestRow>
  /** What catching up with the thread finds. */
  let onReattach: () => void

  beforeEach(() => {
    ;[slots, log, book, onReattach] = [new TurnSlots(), [], new Map(), () => {}]
    slots.onTurnStarted(threadId, 'x', 0, ci)
  })

  const row = (content: string, turnId: string | null, by: Author | null = ci) => ({
    ...{ requestId: 'r', content, turnId, by, atMs: 0 },
  })
  const steer = (params: object, sent?: Sent, mayTouchOthers = true) =>
    steerAs({ author: ci, mayTouchOthers }, params, sent)
  const taken: Sent = { is: 'answered', result: { turnId: 'x' } }
  const steerAs = (steerer: Steerer, params: object = asked, sent: Sent = taken) => {
    const deps = {
      slots,
      directory: { claim: async () => ({}), stillClaimed: async () => ({}) },
      gateway: { untilSent: (work: () => unknown) => work(), onAnyLink: (work: (link: object) => unknown) => work({}) },
      threadSync: { reattach: async () => onReattach() },
      requests: {
        find: () => book.get('r'),
        remember: (_: string, { content, by }: RequestRow) => book.set('r', row(content, null, by)),
        fulfil: (_: string, __: string, turnId: string) => book.set('r', row('', turnId, book.get('r')?.by)),
        forget: () => book.delete('r'),
      },
    } as unknown as GateDeps
    const send = async (method: string, forCodex: object) => {
      log.push([method, forCodex])
      return sent
    }
    const sender = { isGuest: false, unstored: undefined, untilLinked: async () => {}, send }
    return outcomeOf(() => admitSteer(deps, sender, { ...params }, steerer))
  }

  it('goes into one’s own turn, and is remembered there', async () => {
    expect(await steer({ ...asked, share: {} })).to.deep.equal({ is: 'taken', value: { turnId: 'x' } })
    expect([log, book.get('r')?.turnId]).to.deep.equal([[['turn/steer', asked]], 'x'])
  })

  it('goes by the turn where that is what makes it one’s own', async () => {
    const by = (ownTurnId: string | null) => ({ author: ann, claim: { ownTurnId }, mayTouchOthers: false })
    const outcomes = [await steerAs(by('w')), await steerAs(by('x'))]
    expect(outcomes.map(({ is }) => is)).to.deep.equal(['notSteerable', 'taken'])
    expect(book.get('r')?.by).to.deep.equal(ann)
  })

  it('goes into another’s turn where that is asked for outright, by one who may', async () => {
    slots.onTurnEnded(threadId, 'x')
    slots.onTurnStarted(threadId, 'y', 0, ann)
    const outright = { ...asked, share: { steer: true } }
    const outcomes = [await steer(asked), await steer(outright, undefined, false), await steer(outright)]
    expect(outcomes.map(({ is }) => is)).to.deep.equal(['notSteerable', 'notSteerable', 'taken'])
    expect(log).to.have.length(1)
  })

  it('is sent once where it is asked for twice', async () => {
    await steer(asked)
    expect(await steer(asked)).to.deep.equal({ is: 'taken', value: { turnId: 'x' } })
    expect(log).to.have.length(1)
  })

  it('is a conflict with other content under the same id', async () => {
    book.set('r', row('other', 'x'))
    expect(await steer(asked)).to.have.nested.property('error.errorName', 'conflict')
  })

  for (const [found, times] of [
    ['x', 0],
    [null, 1],
  ] as const)
    it(`looks whether an earlier one arrived, and sends ${times === 0 ? 'nothing' : 'it'} then`, async () => {
      const content = contentDigest(asked)
      book.set('r', row(content, null))
      onReattach = () => book.set('r', row(content, found))
      expect(await steer(asked)).to.deep.equal({ is: 'taken', value: { turnId: 'x' } })
      expect(log).to.have.length(times)
    })

  const error = new ShareError('unavailable', 'no')
  const ends: readonly (readonly [Sent, string, boolean])[] = [
    [{ is: 'refused', error, isUnloaded: false }, 'refused', false],
    [{ is: 'unsent', error }, 'refused', false],
    [{ is: 'lost', error }, 'unknown', true],
  ]
  for (const [sent, is, isRemembered] of ends)
    it(`${isRemembered ? 'stays remembered' : 'may be sent again'} where it is ${sent.is}`, async () => {
      expect(await steer(asked, sent)).to.deep.equal({ is, error })
      expect(book.has('r')).to.equal(isRemembered)
    })

  it('needs a thread', async () => {
    const outcome = await Promise.resolve(steer({})).catch(String)
    expect(outcome).to.have.nested.property('error.errorName', 'usage')
  })
})
