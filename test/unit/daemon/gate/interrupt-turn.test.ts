/** Whose turn may be ended, and by which id. */
import { expect } from 'chai'
import type { GateDeps } from '../../../../src/daemon/gate/gate-deps.ts'
import { admitInterrupt } from '../../../../src/daemon/gate/interrupt-turn.ts'
import { outcomeOf } from '../../../../src/daemon/gate/outcome.ts'
import type { Sent } from '../../../../src/daemon/gate/sender.ts'
import { TurnSlots } from '../../../../src/daemon/slots/turn-slots.ts'
import { ShareError } from '../../../../src/protocol/errors.ts'

const threadId = 't'
const ci = { label: 'ci', kind: 'script', pid: 1 } as const
const ann = { label: 'ann', kind: 'ui', pid: 2 } as const

describe('Interrupting a turn', () => {
  let slots: TurnSlots
  let log: unknown[][]
  let problem: string | null

  beforeEach(() => {
    ;[slots, log, problem] = [new TurnSlots(), [], null]
    slots.onTurnStarted(threadId, 'x', 0, ann)
  })

  const interrupt = (params: object, mayTouchOthers = true, sent: Sent = { is: 'answered', result: {} }) => {
    const deps = {
      slots,
      recorder: { problem },
      directory: { claim: async () => 'claimed' },
      gateway: { untilSent: (work: () => unknown) => work(), link: async () => 'any link' },
      notifications: { interruptedBy: (id: string, by: object) => log.push(['interruptedBy', id, by]) },
    } as unknown as GateDeps
    const send = async (method: string, forCodex: object, link: unknown) => {
      log.push([method, forCodex, link])
      return sent
    }
    const sender = { isGuest: false, unstored: undefined, untilLinked: async () => {}, send }
    const submitter = { author: ci, identity: { kind: 'own', pid: 1 } } as const
    return outcomeOf(() => admitInterrupt(deps, sender, { ...params }, submitter, mayTouchOthers))
  }

  it('ends the turn of another for one who may, with the name of who did', async () => {
    expect(await interrupt({ threadId, turnId: 'x', share: {} })).to.deep.equal({ is: 'taken', value: {} })
    expect(log).to.deep.equal([
      ['interruptedBy', threadId, ci],
      ['turn/interrupt', { threadId, turnId: 'x' }, 'claimed'],
    ])
  })

  it('ends one’s own turn alone for one who may only post', async () => {
    expect((await interrupt({ threadId, turnId: 'x' }, false)).is).to.equal('refused')
    expect(log).to.deep.equal([])
    slots.onTurnEnded(threadId, 'x')
    slots.onTurnStarted(threadId, 'y', 0, ci)
    expect((await interrupt({ threadId, turnId: 'y' }, false)).is).to.equal('taken')
  })

  it('names a review by the id that Codex runs it under', async () => {
    slots.runs(threadId, 'x', 'sub')
    await interrupt({ threadId, turnId: 'x' })
    expect(log[1]).to.deep.equal(['turn/interrupt', { threadId, turnId: 'sub' }, 'claimed'])
  })

  it('works while the ledger cannot be written', async () => {
    problem = 'the disk is full'
    await interrupt({ threadId, turnId: 'x' })
    expect(log[1]).to.deep.equal(['turn/interrupt', { threadId, turnId: 'x' }, 'any link'])
  })

  const error = new ShareError('unavailable', 'no')
  for (const [sent, is] of [
    [{ is: 'refused', error, isUnloaded: false }, 'refused'],
    [{ is: 'unsent', error }, 'refused'],
    [{ is: 'lost', error }, 'unknown'],
  ] as const)
    it(`is ${is} where it is ${sent.is}`, async () => {
      expect(await interrupt({ threadId, turnId: 'x' }, true, sent)).to.deep.equal({ is, error })
    })
})
