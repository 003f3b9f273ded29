/** Whether every page is to be read, over restarts and failing writes. */
import { expect } from 'chai'
import { Soundness } from '../../../src/ledger/soundness.ts'
import { ledgerOfEachTest } from '../../support/ledger-of-each-test.ts'

describe('The soundness of the ledger', () => {
  const site = ledgerOfEachTest()
  const stateOf = ({ checkIsDue, damage, checkedAt }: Soundness) => [checkIsDue, damage, checkedAt !== null]
  /** As the next daemon finds it. */
  const next = () => stateOf(new Soundness(site.ledger.db))

  it('is not in question at first', () => {
    expect(next()).to.deep.equal([false, null, false])
  })

  it('is in question from the first failure on, which is reported once, until all was read', () => {
    const { soundness } = site.ledger
    let reports = 0
    soundness.onDue = () => {
      reports += 1
    }
    for (let failures = 0; failures < 2; failures += 1) soundness.suspect()
    expect([reports, stateOf(soundness), next()]).to.deep.equal([1, [true, null, false], [true, null, false]])
    soundness.onChecked(null)
    expect([stateOf(soundness), next()]).to.deep.equal([
      [false, null, true],
      [false, null, true],
    ])
  })

  it('is known to be gone from then on, and not asked about again', () => {
    const { soundness } = site.ledger
    soundness.onChecked('page 7 is broken')
    soundness.suspect()
    expect([stateOf(soundness), next()]).to.deep.equal([
      [false, 'page 7 is broken', true],
      [false, 'page 7 is broken', true],
    ])
    soundness.onChecked(null)
    expect(next()).to.deep.equal([false, null, true])
  })

  it('is in question also where that cannot be written', () => {
    const { soundness, db } = site.ledger
    db.exec(`CREATE TEMP TRIGGER full BEFORE INSERT ON meta BEGIN SELECT RAISE(ABORT, 'it is full'); END`)
    soundness.suspect()
    expect(stateOf(soundness)).to.deep.equal([true, null, false])
    soundness.onChecked('page 7 is broken')
    expect([stateOf(soundness), next()]).to.deep.equal([
      [false, 'page 7 is broken', true],
      [false, null, false],
    ])
    db.exec('DROP TRIGGER full')
  })
})
