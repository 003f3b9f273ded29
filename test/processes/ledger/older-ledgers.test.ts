/** Ledgers of older programs: a process of its own takes such a file over. */
import { copyFileSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import Database from 'better-sqlite3'
import { expect } from 'chai'
import { eventBody } from '../../../src/ledger/event-text.ts'
import { type Ledger, openLedger } from '../../../src/ledger/ledger.ts'
import { migrations, schemaVersion } from '../../../src/ledger/schema.ts'
import { formerLedger, formerLedgers } from '../../../src/platform/places/ledger-files.ts'

import { completed, delta, event, threadId } from '../../support/samples/ledger-events.ts'

describe('a ledger of an older program', () => {
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

  const ids = (after = 0) => ledger.events.page(threadId, after, 1000).map(({ id }) => id)

  it('takes the file of any older program over as it is', () => {
    for (let version = 1; version < schemaVersion; version += 1) {
      ledger.close()
      rmSync(file)
      makeOldLedger(file, version)
      ledger = openLedger(file)
      expect(ledger.db.pragma('user_version', { simple: true })).to.equal(schemaVersion)
      ledger.events.append([completed('a')])
      expect([ids(), ledger.threads.countEvents()], `of version ${version}`).to.deep.equal([[1, 4], 2])
    }
  })

  it('keeps the file as it was before its format changed, which gives no id again, until it was up for a day', () => {
    ledger.close()
    rmSync(file)
    makeOldLedger(file, schemaVersion - 1)
    ledger = openLedger(file)
    const former = formerLedger(file, schemaVersion - 1)
    expect(formerLedgers(file)).to.deep.equal([former])
    const given = ledger.events.append([event('warning')])[0]?.id ?? 0
    const other = '01a20590-456e-70b2-a977-000000000000'
    ledger.threads.open(other, { name: null, cwd: null, preview: null })
    ledger.events.append([event('warning', { threadId: other })])
    ledger.former.releaseInTime()
    expect(formerLedgers(file), 'after a moment').to.deep.equal([former])

    const back = new Database(former)
    expect(back.pragma('user_version', { simple: true })).to.equal(schemaVersion - 1)
    expect(back.prepare('SELECT count(*) FROM events').pluck().get()).to.equal(3)
    back.close()
    copyFileSync(former, `${file}.back`)
    const older = openLedger(`${file}.back`)
    expect(older.events.append([event('warning')])[0]?.id).to.be.greaterThan(given)
    older.threads.open(other, { name: null, cwd: null, preview: null })
    expect(older.events.append([event('warning', { threadId: other })])[0]?.id).to.be.greaterThan(1_000_000_000)
    older.close()

    ledger.db.exec("UPDATE meta SET value = '86400000' WHERE name = 'formerUsed'")
    ledger.former.releaseInTime()
    expect(formerLedgers(file), 'after a day').to.deep.equal([])
  })

  it('makes the copy anew where a program was killed over it, and leaves nothing of that', () => {
    ledger.close()
    rmSync(file)
    makeOldLedger(file, schemaVersion - 1)
    const former = formerLedger(file, schemaVersion - 1)
    const copy = new Database(`${former}.tmp`)
    copy.pragma('journal_mode = WAL')
    copy.exec(migrations[0] ?? '')
    copy.exec("INSERT INTO threads (thread_id, opened_ms, updated_ms, next_id) VALUES ('of a copy before it', 1, 1, 1)")
    copyFileSync(`${former}.tmp-wal`, `${former}.kept`)
    copy.close()
    renameSync(`${former}.kept`, `${former}.tmp-wal`)
    ledger = openLedger(file)
    const back = new Database(former, { readonly: true })
    expect(back.prepare('SELECT thread_id FROM threads').pluck().all()).to.deep.equal([threadId])
    back.close()
    expect(readdirSync(join(dir, 'data')).sort()).to.deep.equal(['ledger.db', basename(former), 'ledger.db-wal'].sort())
  })

  /** With a turn of which only deltas have come: before version 3 the thread's row was left behind by them, and since 5 it counts the others. */
  function makeOldLedger(path: string, version: number): void {
    const db = new Database(path)
    for (const migration of migrations.slice(0, version)) db.exec(migration)
    db.pragma(`user_version = ${version}`)
    const thread = db.prepare('INSERT INTO threads (thread_id, opened_ms, updated_ms, next_id) VALUES (?, 1, 1, ?)')
    const { lastInsertRowid: key } = thread.run(threadId, version < 3 ? 2 : 4)
    db.prepare("INSERT INTO turns VALUES (?, 't1', 1, 1, 'inProgress', NULL)").run(key)
    const add = db.prepare('INSERT INTO events VALUES (?, ?, 1, ?, ?)')
    for (const [id, deltaOf] of [null, 'a', 'a'].entries()) add.run(key, id + 1, deltaOf, eventBody(delta('a')))
    if (version >= 5) db.prepare('UPDATE threads SET events = 1').run()
    db.close()
  }
})
