/** A slot that was taken for a turn which Codex does not name; all else about such turns is tested on the real app-server. */
import { expect } from 'chai'
import { UpstreamError } from '../../../../src/codex/link/upstream-error.ts'
import { BeginTurn } from '../../../../src/daemon/gate/begin-turn.ts'
import type { GateDeps } from '../../../../src/daemon/gate/gate-deps.ts'
import type { Sent } from '../../../../src/daemon/gate/sender.ts'
import { TurnSlots } from '../../../../src/daemon/slots/turn-slots.ts'
import { ShareError } from '../../../../src/protocol/errors.ts'
import { eventually } from '../../../support/waiting/eventually.ts'

const threadId = 'a'
const submitter = { author: { label: 'ann', kind: 'ui', pid: 1 }, identity: { kind: 'own', pid: 1 } as never } as const
const compaction = { method: 'thread/compact/start', effect: 'begins', params: { threadId } } as const

describe('Beginning a turn that Codex does not name', () => {
  let slots: TurnSlots
  let isBusy: boolean
  /** How often Codex was asked whether it runs one. */
  let looks: number
  let remembered: unknown[]
  /** What catching up with the thread finds. */
  let onReattach: () => void

  beforeEach(() => {
    slots = new TurnSlots()
    ;[isBusy, looks, remembered] = [false, 0, []]
    onReattach = () => {}
  })

  const begin = (sent: Sent) => {
    const link = {
      request: async () => {
        looks += 1
        return { thread: { status: { type: isBusy ? 'active' : 'idle' } } }
      },
    }
    const deps = {
      slots,
      requests: { recordBegun: (...begun: unknown[]) => remembered.push(begun) },
      directory: { claim: async () => link, stillClaimed: async () => link },
      threadSync: { noteUnloaded: () => false, reattach: async () => onReattach() },
      gateway: {
        untilSent: (work: () => unknown) => work(),
        onAnyLink: (work: (on: typeof link) => unknown) => work(link),
      },
      log: { info: () => {}, warn: () => {} },
    }
    const sender = { isGuest: false, unstored: undefined, untilLinked: async () => {}, send: async () => sent }
    return new BeginTurn(deps as unknown as GateDeps, 1).begin(compaction, submitter, sender)
  }
  const answered: Sent = { is: 'answered', result: {} }

  it('holds the slot for the turn that follows, with its author', async () => {
    isBusy = true
    const outcome = await begin(answered)
    expect(outcome).to.deep.equal({ is: 'taken', value: { result: {}, turnId: null } })
    await eventually('it is looked at more than once', () => looks > 1)
    slots.onTurnStarted(threadId, 't1', 1)
    expect(slots.active(threadId)).to.deep.include({ turnId: 't1', by: submitter.author })
  })

  it('frees the slot once Codex is idle without having begun it', async () => {
    isBusy = true
    await begin(answered)
    expect(slots.active(threadId)).to.deep.include({ turnId: null, by: submitter.author })
    isBusy = false
    await eventually('it is free', () => slots.active(threadId) === null)
  })

  it('remembers a turn that is named at once, unless it has ended already', async () => {
    const named = (id: string): Sent => ({ is: 'answered', result: { turn: { id } } })
    slots.onTurnEnded(threadId, 't0')
    await begin(named('t0'))
    expect([slots.active(threadId), remembered]).to.deep.equal([null, []])
    await begin(named('t1'))
    expect(slots.active(threadId)).to.deep.include({ turnId: 't1', by: submitter.author })
    expect(remembered).to.have.nested.property('[0][1]', 't1')
  })

  it('frees the slot when it is refused', async () => {
    const error = new UpstreamError({ code: -32600, message: 'instructions must not be empty' })
    expect(await begin({ is: 'refused', error, isUnloaded: false })).to.deep.equal({ is: 'refused', error })
    expect(slots.active(threadId)).to.equal(null)
  })

  it('frees the slot when the answer is lost and no turn is found, and keeps it for one that is', async () => {
    const error = new ShareError('connectionLost', 'the link ended', { facts: { sent: true } })
    expect(await begin({ is: 'lost', error })).to.deep.equal({ is: 'unknown', error })
    expect(slots.active(threadId)).to.equal(null)
    onReattach = () => slots.onTurnStarted(threadId, 't1', 1)
    expect(await begin({ is: 'lost', error })).to.deep.equal({ is: 'unknown', error })
    expect(slots.active(threadId)).to.deep.include({ turnId: 't1', by: submitter.author })
  })
})
