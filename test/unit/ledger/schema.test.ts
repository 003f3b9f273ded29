/** The migrations of the ledger's tables. */
import Database from 'better-sqlite3'
import { expect } from 'chai'
import { ledgerFormatOf, migrate, migrations, schemaVersion } from '../../../src/ledger/schema.ts'

describe('The tables of the ledger', () => {
  const tablesOf = (db: Database.Database) =>
    db.prepare<[], string>("SELECT name || ' ' || coalesce(sql, '') FROM sqlite_master ORDER BY name").pluck().all()

  it('are the same from every older format as they are from nothing', () => {
    const fresh = new Database(':memory:')
    migrate(fresh)
    for (let format = 1; format < schemaVersion; format += 1) {
      const older = new Database(':memory:')
      for (const migration of migrations.slice(0, format)) older.exec(migration)
      older.pragma(`user_version = ${format}`)
      migrate(older)
      expect([ledgerFormatOf(older), tablesOf(older)], `format ${format}`).to.deep.equal([
        schemaVersion,
        tablesOf(fresh),
      ])
    }
  })

  it('stay as they were where a migration fails in the middle', () => {
    const db = new Database(':memory:')
    db.exec('CREATE TABLE queued (id)')
    expect(() => migrate(db)).to.throw('queued')
    expect([ledgerFormatOf(db), tablesOf(db).length]).to.deep.equal([0, 1])
  })

  it('count the events that stay of an older file', () => {
    const db = new Database(':memory:')
    for (const migration of migrations.slice(0, 4)) db.exec(migration)
    db.pragma('user_version = 4')
    db.exec(`INSERT INTO threads (key, thread_id, opened_ms, updated_ms, next_id) VALUES (1, 'a', 0, 0, 4), (2, 'b', 0, 0, 1);
      INSERT INTO events VALUES (1, 1, 0, NULL, ''), (1, 2, 0, 'i', ''), (1, 3, 0, NULL, '')`)
    migrate(db)
    expect(db.prepare('SELECT events FROM threads ORDER BY key').pluck().all()).to.deep.equal([2, 0])
  })
})
