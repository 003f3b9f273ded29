/** What becomes of a ledger's file that is had by another, damaged, newer, or left by a machine that went down. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect } from 'chai'
import { type Ledger, openLedger } from '../../../src/ledger/ledger.ts'
import { schemaVersion } from '../../../src/ledger/schema.ts'
import {
  formerLedger,
  isIntegrityCheckRequested,
  ledgersPutAside,
  requestIntegrityCheck,
} from '../../../src/platform/places/ledger-files.ts'
import { crashMachine, damageLedger } from '../../support/samples/damage-ledger.ts'

import { delta, event, threadId } from '../../support/samples/ledger-events.ts'

describe('a ledger that is opened', () => {
  let dir: string
  let file: string
  let ledger: Ledger

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'codex-share-ledger-'))
    file = join(dir, 'data', 'ledger.db')
    ledger = openLedger(file)
    ledger.threads.open(threadId, { name: 'lab', cwd: '/', preview: null })
  })

  afterEach(() => {
    ledger.close()
    rmSync(dir, { recursive: true })
  })

  it('is had by one process only', () => {
    expect(() => openLedger(file))
      .to.throw('another daemon has the ledger')
      .with.property('errorName', 'conflict')
  })

  it('sets a corrupt file aside, says so, and gives no id again that may have been seen', () => {
    ledger.events.append([event('warning')])
    ledger.close()
    writeFileSync(file, 'this is no database, it is a sentence that goes on for a while')
    for (const name of readdirSync(join(dir, 'data'))) if (name.endsWith('-wal')) rmSync(join(dir, 'data', name))
    ledger = openLedger(file)
    expect(ledger.setAside).to.match(/ledger\.db\.corrupt-/)
    ledger.threads.open(threadId, { name: null, cwd: null, preview: null })
    const [first] = ledger.events.append([event('warning')])
    expect(first?.id).to.be.greaterThan(1_000_000_000)
    expect(ledger.events.gap(threadId, 5)).to.deep.equal({
      threadId,
      from: 6,
      to: (first?.id ?? 0) - 1,
      reason: 'lost',
    })
  })

  it('looks at every page when that was wished for, once, and sets a damaged file aside', () => {
    const warnings = Array.from({ length: 300 }, () => event('warning', { params: { message: 'x'.repeat(1000) } }))
    ledger.events.append(warnings)
    ledger.close()
    damageLedger(file)
    ledger = openLedger(file)
    expect(ledger.setAside).to.equal(undefined)
    ledger.close()
    requestIntegrityCheck(file)
    ledger = openLedger(file)
    expect(ledger.setAside).to.match(/ledger\.db\.corrupt-/)
    expect(ledgersPutAside(file)).to.deep.equal([ledger.setAside])
    expect(isIntegrityCheckRequested(file)).to.equal(false)
  })

  it('sets a file aside also when it can be opened and its threads cannot be read', () => {
    ledger.close()
    damageLedger(file, 'threads')
    ledger = openLedger(file)
    expect(ledger.setAside).to.match(/ledger\.db\.corrupt-/)
  })

  it('refuses a file of a newer program and leaves it as it is', () => {
    ledger.close()
    const newer = new Database(file)
    newer.pragma('user_version = 99')
    newer.close()
    expect(() => openLedger(file))
      .to.throw('newer program')
      .with.deep.include({ errorName: 'unavailable', exitCode: 5, hint: 'Update codex-share.' })
    const former = formerLedger(file, schemaVersion)
    writeFileSync(former, '')
    expect(() => openLedger(file))
      .to.throw('newer program')
      .with.property('hint')
      .that.includes(
        `cd ${join(dir, 'data')} && mv ledger.db ledger.db.newer && mv ledger.db.format-${schemaVersion} ledger.db`,
      )
    expect(ledgersPutAside(file)).to.deep.equal([])
    rmSync(file)
    ledger = openLedger(file)
  })

  it('of an older program is written whole at once where it is small, else when a check is wished for', () => {
    const vacuum = () => ledger.db.pragma('auto_vacuum', { simple: true })
    /** A file that keeps its free pages, as older programs made them. */
    const openOld = (count: number) => {
      const params = { text: 'x'.repeat(100_000) }
      for (let index = 0; index < count; index += 1) ledger.events.append([event('warning', { params })])
      ledger.close()
      const db = new Database(file)
      db.pragma('journal_mode = DELETE')
      db.pragma('auto_vacuum = NONE')
      db.exec('VACUUM')
      db.close()
      ledger = openLedger(file)
    }
    expect(vacuum(), 'of a new file').to.equal(2)
    openOld(1)
    expect(vacuum()).to.equal(2)
    openOld(170)
    expect(vacuum()).to.equal(0)
    ledger.close()
    requestIntegrityCheck(file)
    ledger = openLedger(file)
    expect([vacuum(), ledger.events.page(threadId, 0, 1000).length]).to.deep.equal([2, 171])
  })

  it('jumps ahead in ids when the machine went down, and reads no page before it is open', () => {
    const warnings = Array.from({ length: 300 }, () => event('warning', { params: { message: 'x'.repeat(1000) } }))
    ledger.events.append([...warnings, delta('a')])
    ledger.close()
    crashMachine(file)
    damageLedger(file)
    ledger = openLedger(file)
    expect(ledger).to.include({ crashed: true, setAside: undefined })
    expect(ledger.events.append([event('warning')])[0]?.id).to.equal(100_302)
    expect(ledger.soundness).to.include({ checkIsDue: true, damage: null })
    ledger.soundness.onChecked('page 7')
    ledger.close()
    ledger = openLedger(file)
    expect(ledger.soundness).to.include({ checkIsDue: false, damage: 'page 7' })
  })
})
