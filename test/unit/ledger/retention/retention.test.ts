/** Letting go of the oldest events: by age, by size, and a little at a time. */
import { expect } from 'chai'
import { LedgerClock } from '../../../../src/ledger/ledger-clock.ts'
import { Retention } from '../../../../src/ledger/retention/retention.ts'
import { ledgerOfEachTest, newDelta, newEvent, storedThread } from '../../../support/ledger-of-each-test.ts'
import { prune } from '../../../support/prune.ts'

const dayMs = 86_400_000

describe('Retention', () => {
  const site = ledgerOfEachTest()
  const now = Date.now()
  const daysAgo = (days: number, more = {}) => newEvent('warning', { atMs: now - days * dayMs, ...more })
  const ids = (threadId = storedThread) => site.ledger.events.page(threadId, 0, 100).map(({ id }) => id)
  const pruneTo = (days: number, limit?: number) => prune(site.ledger.retention, { days, megabytes: 0 }, limit)

  it('lets go what is older than so many days, and remembers it as a gap', () => {
    site.ledger.events.append([daysAgo(9), daysAgo(8), daysAgo(0)])
    expect([pruneTo(0), pruneTo(7), ids(), site.ledger.threads.countEvents()]).to.deep.equal([0, 2, [3], 1])
    const gap = { threadId: storedThread, from: 1, to: 2, reason: 'pruned' }
    expect([site.ledger.events.gap(storedThread, 0), site.ledger.events.gap(storedThread, 2)]).to.deep.equal([
      gap,
      null,
    ])
  })

  it('takes no more at a time than it may, and counts deltas among them but not among what stays', () => {
    site.ledger.events.append([daysAgo(9), newDelta('i', now - 8 * dayMs), daysAgo(7), daysAgo(0)])
    expect([pruneTo(6, 2), ids(), site.ledger.threads.countEvents()]).to.deep.equal([2, [3, 4], 2])
    expect([pruneTo(6, 2), ids(), site.ledger.threads.countEvents()]).to.deep.equal([1, [4], 1])
  })

  it('goes through the threads until it has taken what it may', () => {
    site.ledger.threads.open('b')
    site.ledger.events.append([daysAgo(9), daysAgo(9), daysAgo(9, { threadId: 'b' }), daysAgo(0)])
    expect([pruneTo(7, 2), ids(), ids('b')]).to.deep.equal([2, [3], [1]])
    expect([pruneTo(7, 2), ids(), ids('b')]).to.deep.equal([1, [3], []])
  })

  it('is done in steps of no more than 64 events, with room for others between them', () => {
    site.ledger.threads.open('b')
    site.ledger.events.append(Array.from({ length: 200 }, () => daysAgo(9)))
    site.ledger.events.append([daysAgo(9, { threadId: 'b' }), daysAgo(0)])
    const steps: number[] = []
    for (const count of site.ledger.retention.pass({ days: 7, megabytes: 0 })) {
      if (count > 0) steps.push(count)
      site.ledger.events.append([daysAgo(0)])
    }
    expect([steps, ids()[0], ids('b')]).to.deep.equal([[64, 64, 64, 8, 1], 201, []])
  })

  it('takes few at a time where they are large', () => {
    const long = { params: { text: 'x'.repeat(100_000) } }
    site.ledger.events.append([daysAgo(9, long), daysAgo(9, long), daysAgo(9, long), daysAgo(9, long), daysAgo(0)])
    const steps = [...site.ledger.retention.pass({ days: 7, megabytes: 0 })]
    expect(steps.filter((count) => count > 0)).to.deep.equal([3, 1])
  })

  it('reads no further than to the first event that stays', () => {
    site.ledger.events.append([daysAgo(9), ...Array.from({ length: 50 }, () => daysAgo(0))])
    const { db, threads } = site.ledger
    let read = 0
    const prepare = db.prepare.bind(db)
    db.prepare = ((sql: string) => {
      const statement = prepare(sql)
      const iterate = statement.iterate.bind(statement)
      statement.iterate = function* (...values: unknown[]) {
        for (const row of iterate(...values)) {
          read += 1
          yield row
        }
        return undefined
      }
      return statement
    }) as typeof db.prepare
    const retention = new Retention(db, threads, new LedgerClock(db))
    const dropped = [...retention.pass({ days: 7, megabytes: 0 })].reduce((sum, count) => sum + count)
    // The old one, what is behind it, and that once more.
    expect([dropped, read]).to.deep.equal([1, 3])
  })

  it('gives no id again of a thread of which nothing is left', () => {
    site.ledger.events.append([daysAgo(9), daysAgo(8), daysAgo(0)])
    site.ledger.db.exec('UPDATE events SET at_ms = 0')
    pruneTo(7)
    site.reopen()
    expect([ids(), site.ledger.events.append([daysAgo(0)])[0]?.id]).to.deep.equal([[], 4])
  })

  it('forgets old submits, and old turns but for the newest of a thread', () => {
    const { events, turns, db } = site.ledger
    const ended = (turnId: string) =>
      daysAgo(9, { method: 'turn/completed', turnId, params: { turn: { id: turnId, status: 'completed' } } })
    for (const turnId of ['t1', 't2', 't3'])
      events.append([daysAgo(9, { method: 'turn/started', turnId }), ...(turnId === 't2' ? [] : [ended(turnId)])])
    turns.fulfil(storedThread, 'r1', 't1')
    db.exec(`UPDATE requests SET at_ms = ${now - 9 * dayMs}`)
    events.append([daysAgo(0)])
    pruneTo(7)
    const left = ['t1', 't2', 't3'].filter((turnId) => turns.get(storedThread, turnId))
    // The second has no end: it may run.
    expect([left, turns.request(storedThread, 'r1')]).to.deep.equal([['t2', 't3'], undefined])
  })

  it('takes from the thread that was left alone longest while the file is too large', () => {
    const { threads, events, retention } = site.ledger
    threads.open('b')
    const long = { params: { text: 'x'.repeat(300_000) } }
    events.append([daysAgo(0, { threadId: 'b', ...long }), daysAgo(0, long), daysAgo(0, long), daysAgo(0, long)])
    site.ledger.db.exec(`UPDATE threads SET updated_ms = CASE thread_id WHEN 'b' THEN 2 ELSE 1 END`)
    expect(prune(retention, { days: 0, megabytes: 0 }, 100)).to.equal(0)
    expect([prune(retention, { days: 0, megabytes: 1 }, 2), ids(), ids('b')]).to.deep.equal([1, [2, 3], [1]])
    expect(prune(retention, { days: 0, megabytes: 1 }, 2)).to.equal(0)
  })
})
