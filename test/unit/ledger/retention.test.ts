/** Letting go of the oldest events: by age, by size, and a little at a time. */
import { expect } from 'chai'
import { ledgerOfEachTest, newDelta, newEvent, storedThread } from '../../support/ledger-of-each-test.ts'

const dayMs = 86_400_000

describe('Retention', () => {
  const site = ledgerOfEachTest()
  const now = Date.now()
  const daysAgo = (days: number, more = {}) => newEvent('warning', { atMs: now - days * dayMs, ...more })
  const ids = (threadId = storedThread) => site.ledger.events.page(threadId, 0, 100).map(({ id }) => id)
  const prune = (days: number, limit = 100) => site.ledger.retention.prune({ days, megabytes: 0 }, limit)

  it('lets go what is older than so many days, and remembers it as a gap', () => {
    site.ledger.events.append([daysAgo(9), daysAgo(8), daysAgo(0)])
    expect([prune(0), prune(7), ids(), site.ledger.threads.countEvents()]).to.deep.equal([0, 2, [3], 1])
    const gap = { threadId: storedThread, from: 1, to: 2, reason: 'pruned' }
    expect([site.ledger.events.gap(storedThread, 0), site.ledger.events.gap(storedThread, 2)]).to.deep.equal([
      gap,
      null,
    ])
  })

  it('takes no more at a time than it may, and counts deltas among them but not among what stays', () => {
    site.ledger.events.append([daysAgo(9), newDelta('i', now - 8 * dayMs), daysAgo(7), daysAgo(0)])
    expect([prune(6, 2), ids(), site.ledger.threads.countEvents()]).to.deep.equal([2, [3, 4], 2])
    expect([prune(6, 2), ids(), site.ledger.threads.countEvents()]).to.deep.equal([1, [4], 1])
  })

  it('goes through the threads until it has taken what it may', () => {
    site.ledger.threads.open('b')
    site.ledger.events.append([daysAgo(9), daysAgo(9), daysAgo(9, { threadId: 'b' }), daysAgo(0)])
    expect([prune(7, 2), ids(), ids('b')]).to.deep.equal([2, [3], [1]])
    expect([prune(7, 2), ids(), ids('b')]).to.deep.equal([1, [3], []])
  })

  it('gives no id again of a thread of which nothing is left', () => {
    site.ledger.events.append([daysAgo(9), daysAgo(8), daysAgo(0)])
    site.ledger.db.exec('UPDATE events SET at_ms = 0')
    prune(7)
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
    prune(7)
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
    expect(retention.prune({ days: 0, megabytes: 0 }, 100)).to.equal(0)
    expect([retention.prune({ days: 0, megabytes: 1 }, 2), ids(), ids('b')]).to.deep.equal([2, [3], [1]])
    expect(retention.prune({ days: 0, megabytes: 1 }, 2)).to.equal(0)
  })
})
