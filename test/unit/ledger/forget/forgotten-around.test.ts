/** Ids that lie where events were forgotten. */
import { expect } from 'chai'
import { prepareForgottenAround } from '../../../../src/ledger/forget/forgotten-around.ts'
import { ledgerOfEachTest, newEvent, storedThread } from '../../../support/ledger-of-each-test.ts'

describe('What was forgotten around an id', () => {
  const site = ledgerOfEachTest()
  const around = (...ids: number[]) => {
    const { key } = site.ledger.threads.counters(storedThread)
    const find = prepareForgottenAround(site.ledger.db)
    return ids.map((id) => find(key, id))
  }
  const note = (ranges: unknown) => newEvent('share/forgotten', { params: { ranges } })
  /** Five events, of which the fourth is taken out. */
  const record = (second = newEvent('warning')) => {
    site.ledger.events.append([newEvent('warning'), second, ...Array.from({ length: 3 }, () => newEvent('warning'))])
    site.ledger.db.prepare('DELETE FROM events WHERE id IN (3, 4)').run()
  }

  it('is the range of the event that stands there, from its own id to the last', () => {
    record(note([{ from: 2, to: 4 }]))
    const range = { from: 2, to: 4 }
    expect(around(0, 1, 2, 3, 4, 5, 99)).to.deep.equal([null, null, range, range, range, null, null])
  })

  it('is nothing behind the end of the range, also where no event is', () => {
    record(note([{ from: 2, to: 3 }]))
    expect(around(3, 4)).to.deep.equal([{ from: 2, to: 3 }, null])
  })

  it('is of the thread alone', () => {
    site.ledger.threads.open('b')
    site.ledger.events.append([{ ...note([{ from: 1, to: 9 }]), threadId: 'b' }])
    expect(around(1, 5)).to.deep.equal([null, null])
  })

  const others: readonly (readonly [title: string, ranges: unknown])[] = [
    ['a note of what was forgotten elsewhere', [{ from: 1, to: 4 }]],
    ['a note of no place', []],
    ['a note without places', null],
    ['a note in another form', { from: 2, to: 4 }],
  ]
  for (const [title, ranges] of others) {
    it(`is nothing for ${title}`, () => {
      record(note(ranges))
      expect(around(2, 3, 4)).to.deep.equal([null, null, null])
    })
  }

  it('is nothing for an event that only has the same words in it', () => {
    const ranges = [{ from: 2, to: 4 }]
    record(newEvent('item/completed', { params: { ranges, text: '"method":"share/forgotten"' } }))
    expect(around(2, 3)).to.deep.equal([null, null])
  })
})
