/** Admission, by itself. */
import { expect } from 'chai'
import { TurnSlots } from '../../../../src/daemon/slots/turn-slots.ts'

const ann = { label: 'ann', kind: 'ui', pid: 1 }
const ci = { label: 'ci', kind: 'script', pid: 2 }

describe('turn slots', () => {
  let slots: TurnSlots
  const begin = (threadId: string, requestId: string, by = ann) => slots.admit(threadId, { is: 'begin', requestId, by })

  beforeEach(() => {
    slots = new TurnSlots()
  })

  it('give the first request the slot of its thread and every other one busy, with what is known', () => {
    begin('a', 'r1')
    slots.onTurnStarted('a', 't1', 5000)
    slots.waiting('a', true)
    const startedAt = '1970-01-01T00:00:05.000Z'
    const active = { threadId: 'a', turnId: 't1', startedAt, by: ann, waitingOnApproval: true }
    expect(begin('a', 'r2', ci)).to.deep.equal({ is: 'busy', active })
    expect(begin('b', 'r3', ci)).to.deep.equal({ is: 'taken' })
    expect([slots.size, slots.list().map(({ threadId }) => threadId)]).to.deep.equal([2, ['a', 'b']])
  })

  it('only look where that is all they are asked for', () => {
    expect(slots.judge('a', { is: 'begin', requestId: 'r1', by: ann })).to.deep.equal({ is: 'taken' })
    expect(slots.active('a')).to.equal(null)
  })

  it('tell those who wait for it that one was freed', () => {
    let freed = 0
    const stop = slots.onFreed(() => {
      freed += 1
    })
    begin('a', 'r1')
    slots.release('a', 'r1')
    begin('a', 'r2')
    slots.onNamed('a', 'r2', 't2')
    slots.onTurnEnded('a', 't1')
    expect(freed).to.equal(1)
    slots.onTurnEnded('a', 't2')
    stop()
    begin('a', 'r3')
    slots.release('a', 'r3')
    expect(freed).to.equal(2)
  })

  it('name the id that a turn is interrupted by', () => {
    slots.onTurnStarted('a', 't1', 0)
    slots.runs('a', 't1', 'sub')
    expect([slots.interruptIdOf('a', 't1'), slots.interruptIdOf('a', 't0')]).to.deep.equal(['sub', 't0'])
  })
})
