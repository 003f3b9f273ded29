/** Appending, and what is read of the events. */
import { SqliteError } from 'better-sqlite3'
import { expect } from 'chai'
import { ledgerOfEachTest, newCompletion, newDelta, newEvent, storedThread } from '../../support/ledger-of-each-test.ts'

describe('The events of a thread', () => {
  const site = ledgerOfEachTest()
  const ids = (after = 0) => site.ledger.events.page(storedThread, after, 100).map(({ id }) => id)

  it('have ids of their own in each thread, also in one append', () => {
    site.ledger.threads.open('b')
    const other = newEvent('warning', { threadId: 'b' })
    const texts = site.ledger.events.append([newEvent('warning'), other, newEvent('warning')])
    const { events } = site.ledger
    expect([texts.map(({ id }) => id), events.head(storedThread), events.head('b')]).to.deep.equal([[1, 1, 2], 2, 1])
  })

  it('lose the deltas of an item with its completion, and no others', () => {
    site.ledger.events.append([newDelta('i'), newDelta('k'), newDelta('i')])
    site.ledger.events.append([newCompletion('i')])
    expect(ids()).to.deep.equal([2, 4])
    expect([...site.ledger.threads.counters(storedThread).growing]).to.deep.equal([['k', 2]])
  })

  it('are none, and the counters what they were, where one of an append cannot be written', () => {
    site.ledger.events.append([newDelta('i')])
    const before = site.ledger.threads.counters(storedThread)
    site.ledger.db.exec(
      `CREATE TEMP TRIGGER full BEFORE INSERT ON events WHEN NEW.id = 4 BEGIN SELECT RAISE(ABORT, 'it is full'); END`,
    )
    const append = () => site.ledger.events.append([newDelta('k'), newCompletion('i'), newEvent('warning')])
    expect(append).to.throw(SqliteError, 'it is full')
    expect([site.ledger.threads.counters(storedThread), ids()]).to.deep.equal([before, [1]])
    site.ledger.db.exec('DROP TRIGGER full')
    append()
    expect([ids(), [...site.ledger.threads.counters(storedThread).growing]]).to.deep.equal([[2, 3, 4], [['k', 2]]])
  })

  it('are suspected where the file is damaged', () => {
    const { events, soundness } = site.ledger
    Object.assign(events, {
      inTransaction: () => {
        throw new SqliteError('database disk image is malformed', 'SQLITE_CORRUPT')
      },
    })
    expect(() => events.append([newEvent('warning')])).to.throw('malformed')
    expect(soundness.checkIsDue).to.equal(true)
  })

  it('are read as lines, about so many bytes at a time and at least one', () => {
    const long = newEvent('warning', { params: { text: 'x'.repeat(1000) } })
    site.ledger.events.append([long, long, long])
    const form = { before: '<', after: '>\n' }
    const read = (cursor: number, maxBytes: number) => {
      const { bytes, last, count } = site.ledger.events.lines(storedThread, cursor, maxBytes, form)
      return [bytes.toString('utf8').split('\n').length - 1, last, count]
    }
    expect([read(0, 1), read(0, 1600), read(1, 1e6), read(3, 1e6)]).to.deep.equal([
      [1, 1, 1],
      [2, 2, 2],
      [2, 3, 2],
      [0, 3, 0],
    ])
  })

  it('tell which items are complete, which are open, and which of those were missed', () => {
    const about = (method: string, itemId: string) => newEvent(method, { itemId, params: { item: { id: itemId } } })
    const missed = newEvent('share/missed', { params: { itemIds: ['i3'] } })
    const { events } = site.ledger
    events.append(['i1', 'i2', 'i3'].map((itemId) => about('item/started', itemId)))
    events.append([newCompletion('i1'), missed, newDelta('i4')])
    expect(events.completedItems(storedThread, 't1', 1)).to.deep.equal(new Set(['i1']))
    expect(events.openItems(storedThread, 1)).to.deep.equal([
      { itemId: 'i2', missed: false },
      { itemId: 'i3', missed: true },
      { itemId: 'i4', missed: false },
    ])
    expect([events.item(storedThread, 'i1'), events.item(storedThread, 'i9')]).to.deep.equal([{ id: 'i1' }, null])
  })

  it('tell whether the thread was taken back behind one of them', () => {
    site.ledger.events.append([newEvent('warning'), newEvent('thread/reverted'), newEvent('warning')])
    expect([1, 2].map((id) => site.ledger.events.isReverted(storedThread, id))).to.deep.equal([true, false])
  })

  it('are read from the newest few on, or from those before an id', () => {
    site.ledger.events.append(Array.from({ length: 5 }, () => newEvent('warning')))
    const cursor = (...asked: [number, number?]) => site.ledger.events.cursorBeforeNewest(storedThread, ...asked)
    expect([cursor(2), cursor(9), cursor(2, 4)]).to.deep.equal([3, 0, 1])
  })
})
