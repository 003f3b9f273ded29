/** Admission, by itself. */
import { expect } from 'chai'
import { TurnSlots } from '../../src/daemon/turn-slots.ts'
import { ShareError } from '../../src/protocol/errors.ts'

const ann = { label: 'ann', kind: 'ui', pid: 1 }
const ci = { label: 'ci', kind: 'script', pid: 2 }

function refusal(act: () => void): ShareError | undefined {
  try {
    act()
    return undefined
  } catch (error) {
    if (error instanceof ShareError) return error
    throw error
  }
}

describe('turn slots', () => {
  it('give the first submit the slot and every other one busy with what is known', () => {
    const slots = new TurnSlots()
    slots.reserve('a', 'r1', ann)
    slots.started('a', 't1', 5000)
    slots.waiting('a', true)
    const refused = refusal(() => slots.reserve('a', 'r2', ci))
    expect(refused?.errorName).to.equal('busy')
    expect(refused?.facts).to.deep.equal({
      threadId: 'a',
      turnId: 't1',
      startedAt: '1970-01-01T00:00:05.000Z',
      by: ann,
      waitingOnApproval: true,
    })
    expect(refusal(() => slots.reserve('b', 'r3', ci))).to.equal(undefined)
  })

  it('are free again after a refusal upstream and after the end of the very turn', () => {
    const slots = new TurnSlots()
    slots.reserve('a', 'r1', ann)
    slots.release('a', 'r1')
    slots.reserve('a', 'r2', ci)
    slots.started('a', 't2', 0)
    slots.ended('a', 't1')
    slots.release('a', 'r2')
    expect(slots.active('a')?.turnId).to.equal('t2')
    slots.ended('a', 't2')
    expect(slots.active('a')).to.equal(null)
  })

  it('stay free when a turn was over before the reply that names it was read', () => {
    const slots = new TurnSlots()
    slots.reserve('a', 'r1', ann)
    slots.started('a', 't1', 0)
    slots.ended('a', 't1')
    slots.started('a', 't1', 0)
    expect(slots.active('a')).to.equal(null)
  })

  it('are taken by turns that were started past them', () => {
    const slots = new TurnSlots()
    slots.started('a', 't1', 0)
    expect(refusal(() => slots.reserve('a', 'r1', ann))?.facts.by).to.equal(null)
    expect(slots.isOwner('a', ann)).to.equal(false)
  })
})
