/** Small facts in the ledger's file. */
import { expect } from 'chai'
import { readMeta, removeMeta, writeMeta } from '../../../src/ledger/meta.ts'
import { ledgerOfEachTest } from '../../support/ledger-of-each-test.ts'

describe('A small fact of the ledger', () => {
  const site = ledgerOfEachTest()

  it('is there until it is replaced or removed, also after the file was opened again', () => {
    const read = () => readMeta(site.ledger.db, 'scrub')
    const seen = [read()]
    for (const value of ['due', 'later']) {
      writeMeta(site.ledger.db, 'scrub', value)
      seen.push(read())
    }
    removeMeta(site.ledger.db, 'scrub')
    seen.push(read())
    writeMeta(site.ledger.db, 'clock', '7')
    site.reopen()
    expect([...seen, readMeta(site.ledger.db, 'clock')]).to.deep.equal([undefined, 'due', 'later', undefined, '7'])
  })
})
