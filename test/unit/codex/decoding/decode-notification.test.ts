/** What is read of Codex's notifications, in the forms that it has been seen to send, and in those that a newer one may. */
import { expect } from 'chai'
import { decodeNotification } from '../../../../src/codex/decoding/decode-notification.ts'
import { effectKindOf } from '../../../../src/protocol/notifications.ts'

const decoded = (method: string, params: Record<string, unknown>) => decodeNotification(method, params, 5)
const effectOf = (method: string, params: Record<string, unknown>) => decoded(method, params).effect

describe('A notification of Codex’s', () => {
  it('is about its thread, turn and item, wherever it names them', () => {
    const item = { id: 'i', type: 'userMessage', clientId: 'r' }
    const params = { threadId: 't', turnId: 'u', item }
    expect(decoded('item/started', params)).to.deep.equal({
      method: 'item/started',
      params,
      emittedAtMs: 5,
      threadId: 't',
      turnId: 'u',
      itemId: 'i',
      requestId: 'r',
      effect: { kind: 'itemStarted', mayOutliveTurn: false },
    })
    const grown = decoded('item/agentMessage/delta', { threadId: 't', turnId: 'u', itemId: 'i', delta: 'x' })
    expect(grown).to.include({ turnId: 'u', itemId: 'i', requestId: null })
    expect(grown.effect).to.deep.equal({ kind: 'itemGrew' })
  })

  it('names a review by its root turn, at its start as at its end', () => {
    const start = decoded('turn/started', { threadId: 't', turn: { id: 'sub', rootTurnId: 'root' } })
    expect([start.turnId, start.effect]).to.deep.equal(['root', { kind: 'turnStarted', turnId: 'root', runsAs: 'sub' }])
    const turn = { id: 'root', rootTurnId: null, status: 'completed', completedAt: 7 }
    expect(effectOf('turn/completed', { threadId: 't', turn })).to.deep.equal({
      kind: 'turnEnded',
      turnId: 'root',
      status: 'completed',
      isDated: true,
    })
  })

  it('says of a turn that its app-server did not survive that its end has no time', () => {
    const turn = { id: 'u', status: 'interrupted', completedAt: null }
    expect(effectOf('turn/completed', { threadId: 't', turn })).to.include({ isDated: false })
  })

  it('tells of a thread whether it is idle, and whether it waits for a person', () => {
    const told = (status: object) => effectOf('thread/status/changed', { threadId: 't', status })
    expect(told({ type: 'idle' })).to.deep.equal({ kind: 'statusChanged', isIdle: true, waitsOnApproval: false })
    expect(told({ type: 'active', activeFlags: ['waitingOnApproval'] })).to.deep.equal({
      kind: 'statusChanged',
      isIdle: false,
      waitsOnApproval: true,
    })
  })

  for (const [what, method, params, problem] of [
    ['a turn without an id', 'turn/started', { turn: {} }, 'turn.id'],
    ['an item that is no object', 'item/completed', { turnId: 'u', item: 'text' }, 'item'],
    ['an item whose id is a number', 'item/completed', { turnId: 'u', item: { id: 7, type: 'plan' } }, 'item.id'],
    ['an answered question without its id', 'serverRequest/resolved', {}, 'requestId'],
    ['flags that are no list', 'thread/status/changed', { status: { type: 'active', activeFlags: {} } }, 'status.act'],
    ['a name that is a number', 'thread/name/updated', { threadName: 7 }, 'threadName'],
  ] as const)
    it(`is passed on and changes nothing where a newer Codex tells ${what}`, () => {
      const notification = decoded(method, { threadId: 't', ...params })
      expect(notification).to.deep.include({ method, params: { threadId: 't', ...params } })
      expect(notification.effect.kind).to.equal('unreadable')
      expect(notification.effect).to.have.property('problem').that.include(problem)
    })

  it('tells nothing where its method is not known, but for a piece of an item', () => {
    expect(
      ['thread/sang', 'item/sang', 'toString', 'item/poem/lineDelta', 'item/poem/delta'].map(effectKindOf),
    ).to.deep.equal(['nothing', 'nothing', 'nothing', 'itemGrew', 'itemGrew'])
  })
})
