/** How long the ledger of an older format is kept. Making the copy takes a process: see `test/processes/ledger/older-ledgers.test.ts`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { FormerFile } from '../../../src/ledger/former-file.ts'
import { readMeta, writeMeta } from '../../../src/ledger/meta.ts'
import { formerLedger, formerLedgers } from '../../../src/platform/places/ledger-files.ts'
import { ledgerOfEachTest } from '../../support/ledger-of-each-test.ts'

const hour = 3_600_000

describe('The ledger of an older format', () => {
  const site = ledgerOfEachTest()
  let folder: string
  let file: string
  let upMs: number

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'codex-share-former-'))
    file = join(folder, 'ledger.db')
    upMs = 500
    for (const name of [file, formerLedger(file, 3), formerLedger(file, 4)]) writeFileSync(name, '')
  })

  afterEach(() => rmSync(folder, { recursive: true }))

  const start = () => new FormerFile(site.ledger.db, file, () => upMs)
  const used = () => readMeta(site.ledger.db, 'formerUsed')
  const kept = () => formerLedgers(file).length
  /** What is kept, and the count, after the daemon has been up for so much longer. */
  const upFor = (former: FormerFile, ms: number) => {
    upMs += ms
    former.releaseInTime()
    return [kept(), used()]
  }

  it('is kept until the daemon has been up for a day since the change', () => {
    writeMeta(site.ledger.db, 'formerUsed', '0')
    const former = start()
    expect([upFor(former, 10 * hour), upFor(former, 14 * hour - 1), upFor(former, 1)]).to.deep.equal([
      [2, String(10 * hour)],
      [2, String(24 * hour - 1)],
      [0, undefined],
    ])
  })

  it('is kept on by the next daemon for what is left of the day: the time between does not count', () => {
    writeMeta(site.ledger.db, 'formerUsed', '0')
    upFor(start(), 23 * hour)
    upMs += 100 * hour
    const next = start()
    expect([upFor(next, hour / 2), upFor(next, hour / 2)]).to.deep.equal([
      [2, String(23.5 * hour)],
      [0, undefined],
    ])
  })

  it('is left alone where no change of the format is noted', () => {
    expect(upFor(start(), 100 * hour)).to.deep.equal([2, undefined])
  })
})
