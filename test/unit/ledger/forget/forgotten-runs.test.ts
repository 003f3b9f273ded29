/** Events that are to be forgotten, put together to runs. */
import { expect } from 'chai'
import { runsOf, turnsOf } from '../../../../src/ledger/forget/forgotten-runs.ts'
import { ledgerOfEachTest, newEvent, storedThread } from '../../../support/ledger-of-each-test.ts'

const inTurn = (turnId: string | null, atMs = 1000) => newEvent('warning', { turnId, atMs })
const turnEnd = (status: unknown, turnId = 't1') => newEvent('turn/completed', { turnId, params: { turn: { status } } })
const note = (events: unknown) => newEvent('share/forgotten', { params: { events } })

describe('The runs of forgotten events', () => {
  const site = ledgerOfEachTest()
  const runs = (...ids: number[]) => runsOf(site.ledger.db, site.ledger.threads.counters(storedThread).key, ids)
  const spans = (...ids: number[]) => runs(...ids).map(({ turnId, from, to }) => `${turnId} ${from}-${to}`)

  it('have the place, the time and the turn of their first event, and how many they are', () => {
    site.ledger.events.append([inTurn('t1', 1000), inTurn('t1', 2000), inTurn('t1', 3000)])
    expect(runs(2, 3)).to.deep.equal([{ from: 2, to: 3, atMs: 2000, turnId: 't1', events: 2, status: undefined }])
  })

  it('end where another event is between, or another turn begins', () => {
    site.ledger.events.append([...['t1', 't1', 't1', 't2', null, null, 't2'].map((turn) => inTurn(turn))])
    expect(spans(1, 2, 3, 4, 5, 6, 7)).to.deep.equal(['t1 1-3', 't2 4-4', 'null 5-6', 't2 7-7'])
    expect(spans(1, 3, 7)).to.deep.equal(['t1 1-1', 't1 3-3', 't2 7-7'])
  })

  it('go on over ids at which nothing is, and over events of other threads', () => {
    site.ledger.threads.open('b')
    site.ledger.events.append([inTurn('t1'), { ...inTurn('t1'), threadId: 'b' }, inTurn('t1'), inTurn('t1')])
    site.ledger.db.prepare('DELETE FROM events WHERE id = 2 AND thread = 1').run()
    expect(spans(1, 2, 3)).to.deep.equal(['t1 1-3'])
    expect(runs(1, 2, 3)[0]?.events).to.equal(2)
  })

  const statuses: readonly (readonly [statuses: readonly unknown[], status: string | undefined])[] = [
    [['completed'], 'completed'],
    [['inProgress'], undefined],
    [['inProgress', 'interrupted'], 'interrupted'],
    [['failed', 'inProgress'], 'failed'],
    [[7], undefined],
  ]
  for (const [given, status] of statuses) {
    it(`say ${status ?? 'nothing'} of a turn’s end after ${given.join(', ')}`, () => {
      site.ledger.events.append(given.map((word) => turnEnd(word)))
      expect(runs(...given.map((_, index) => index + 1))[0]?.status).to.equal(status)
    })
  }

  it('count what was forgotten there before', () => {
    site.ledger.events.append([inTurn('t1'), note(5), note('many'), inTurn('t1')])
    expect(runs(1, 2, 3, 4)[0]?.events).to.equal(8)
  })

  it('name their turns once, and none where there is none', () => {
    site.ledger.events.append([...['t1', null, 't2', 't1'].map((turn) => inTurn(turn))])
    expect([...turnsOf(runs(1, 2, 3, 4))]).to.deep.equal(['t1', 't2'])
  })
})
