/** Letting go of old turns and submits: what is looked at, and what stays. */
import { expect } from 'chai'
import { OldSubmits } from '../../../../src/ledger/retention/old-submits.ts'
import { ledgerOfEachTest } from '../../../support/ledger-of-each-test.ts'

describe('Old turns and submits', () => {
  const site = ledgerOfEachTest()
  const name = (index: number) => String(index).padStart(6, '0')
  const addTurns = (count: number, statusOf: (index: number) => string = () => 'completed') => {
    const add = site.ledger.db.prepare('INSERT INTO turns VALUES (1, ?, ?, ?, ?, NULL)')
    for (let index = 0; index < count; index += 1) add.run(name(index), index, index, statusOf(index))
  }
  const addRequests = (count: number, atMs: number) => {
    const add = site.ledger.db.prepare("INSERT INTO requests (thread, request_id, content, at_ms) VALUES (?, ?, '', ?)")
    site.ledger.db.transaction(() => {
      for (let index = 0; index < count; index += 1) add.run(1 + (index % 2), name(index), atMs)
    })()
  }
  const turns = () => site.ledger.db.prepare<[], string>('SELECT turn_id FROM turns').pluck().all()
  const requests = () => site.ledger.db.prepare<[], number>('SELECT count(*) FROM requests').pluck().get()

  it('go step by step up to the first that is not old; one that has no end and the newest stay', () => {
    addTurns(200, (index) => (index === 3 ? 'inProgress' : 'completed'))
    const left: number[] = []
    for (const _ of new OldSubmits(site.ledger.db).dropTurns(1, 150)) left.push(turns().length)
    expect(left).to.deep.equal([137, 73, 51])
    expect(turns().slice(0, 2)).to.deep.equal([name(3), name(150)])
    for (const _ of new OldSubmits(site.ledger.db).dropTurns(1, 1000));
    expect(turns()).to.deep.equal([name(3), name(199)])
  })

  it('are looked at in rounds: a pass begins where the last one stopped, also after a start', () => {
    addRequests(6000, 1)
    for (const _ of new OldSubmits(site.ledger.db).dropRequests(0));
    site.ledger.db.exec('UPDATE requests SET at_ms = 5')
    site.reopen()
    for (const _ of new OldSubmits(site.ledger.db).dropRequests(10));
    // The 4096 before the place are looked at in the next round.
    expect(requests()).to.equal(4096)
    for (const _ of new OldSubmits(site.ledger.db).dropRequests(10));
    expect(requests()).to.equal(0)
  })

  it('go whatever their thread is, and younger ones stay', () => {
    addRequests(10, 1)
    site.ledger.turns.fulfil('a', 'young', 't')
    for (const _ of new OldSubmits(site.ledger.db).dropRequests(10));
    expect([requests(), site.ledger.turns.request('a', 'young')?.turnId]).to.deep.equal([1, 't'])
  })
})
