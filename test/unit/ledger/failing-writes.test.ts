/** Writes of a real ledger that fail at their very end: nothing is taken for written that is not. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SqliteError } from 'better-sqlite3'
import { expect } from 'chai'
import type { NewEvent } from '../../../src/ledger/event-text.ts'
import { type Ledger, openLedger } from '../../../src/ledger/ledger.ts'
import { prune } from '../../support/prune.ts'

const threadId = 'a'
const event = (atMs: number, itemId: string | null = null): NewEvent => {
  const method = itemId === null ? 'warning' : 'item/agentMessage/delta'
  return { threadId, turnId: null, atMs, method, params: {}, itemId, by: null }
}

describe('A write of the ledger that fails', () => {
  let dir: string
  let ledger: Ledger

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'codex-share-failing-'))
    ledger = open()
    ledger.threads.open(threadId, { name: null, cwd: null, preview: null })
  })
  afterEach(() => {
    ledger.db.close()
    rmSync(dir, { recursive: true })
  })

  const open = () => openLedger(join(dir, 'ledger.db'))

  /** From now on a transaction fails at its end when it has changed a thread's row: it leaves a row that refers to none. */
  function failCommits(): void {
    ledger.db.pragma('foreign_keys = ON')
    ledger.db.exec(
      `CREATE TABLE rows_there (id INTEGER PRIMARY KEY);
       CREATE TABLE broken (id INTEGER REFERENCES rows_there (id) DEFERRABLE INITIALLY DEFERRED);
       CREATE TEMP TRIGGER break_it AFTER UPDATE ON threads BEGIN INSERT INTO broken VALUES (1); END`,
    )
  }

  it('lets no event go', () => {
    ledger.events.append([event(1000), event(Date.now())])
    failCommits()
    const known = () => [ledger.events.page(threadId, 0, 9).length, ledger.threads.countEvents()]
    expect(() => prune(ledger.retention, { days: 1, megabytes: 0 }, 10)).to.throw(SqliteError, 'FOREIGN KEY')
    expect([known(), ledger.events.gap(threadId, 0)]).to.deep.equal([[2, 2], null])
    ledger.db.exec('DROP TRIGGER break_it')
    expect(prune(ledger.retention, { days: 1, megabytes: 0 }, 10)).to.equal(1)
    expect([known(), ledger.events.gap(threadId, 0)?.to]).to.deep.equal([[1, 1], 1])
  })

  it('gives no id out', () => {
    ledger.events.append([event(1)])
    failCommits()
    expect(() => ledger.events.append([event(2)])).to.throw(SqliteError, 'FOREIGN KEY')
    expect([ledger.events.head(threadId), ledger.threads.countEvents()]).to.deep.equal([1, 1])
    const forget = () => ledger.forgetting.carryOut({ threadId }, { by: null, atMs: 3 })
    expect(forget).to.throw(SqliteError, 'FOREIGN KEY')
    expect([ledger.events.head(threadId), ledger.threads.countEvents()]).to.deep.equal([1, 1])
  })

  it('does not keep the ledger from being closed, and no id is given twice by the next daemon', () => {
    for (const one of [event(1), event(2, 'i')]) ledger.events.append([one])
    failCommits()
    ledger.db.exec(`CREATE TEMP TRIGGER break_meta BEFORE UPDATE ON meta BEGIN SELECT RAISE(ABORT, 'it is full'); END`)
    ledger.close()
    expect(ledger.db.open).to.equal(false)
    ledger = open()
    expect(ledger.events.head(threadId)).to.be.within(2, 2000)
  })
})
