/** What becomes of the room of what was let go. */
import { statSync } from 'node:fs'
import { expect } from 'chai'
import { FreePages } from '../../../../src/ledger/retention/free-pages.ts'
import { ledgerOfEachTest, newEvent, storedThread } from '../../../support/ledger-of-each-test.ts'

describe('Pages that hold nothing', () => {
  const site = ledgerOfEachTest()
  const fill = (count: number) => {
    const params = { text: 'x'.repeat(3000) }
    site.ledger.events.append(Array.from({ length: count }, () => newEvent('warning', { params })))
  }
  const emptyTo = (id: number) => site.ledger.db.prepare('DELETE FROM events WHERE id <= ?').run(id)
  const free = () => Number(site.ledger.db.pragma('freelist_count', { simple: true }))
  const ids = () => site.ledger.events.page(storedThread, 0, 5000).map(({ id }) => id)
  const fileBytes = () => {
    site.ledger.db.pragma('wal_checkpoint(TRUNCATE)')
    return statSync(site.ledger.file).size
  }

  it('go back to the disk a few at a time, while the ledger is in use', () => {
    fill(1200)
    const before = fileBytes()
    emptyTo(1000)
    let steps = 0
    let [most, last] = [0, free()]
    for (const _ of new FreePages(site.ledger.db).giveBack()) {
      steps += 1
      most = Math.max(most, last - free())
      fill(1)
      last = free()
    }
    expect([fileBytes() < before / 2, most <= 16, steps > 30]).to.deep.equal([true, true, true])
    expect([ids().length, ids()[0], site.ledger.db.pragma('quick_check', { simple: true })]).to.deep.equal([
      200 + steps,
      1001,
      'ok',
    ])
  })

  it('stay where they are few: what is written next takes them', () => {
    fill(300)
    emptyTo(250)
    expect([...new FreePages(site.ledger.db).giveBack()]).to.deep.equal([])
    expect(free()).to.be.greaterThan(100)
  })

  it('are none of a file’s used bytes', () => {
    fill(300)
    const pages = new FreePages(site.ledger.db)
    const before = pages.usedBytes()
    emptyTo(250)
    expect(pages.usedBytes()).to.be.lessThan(before / 2)
  })
})
