/** Remains of deleted rows, and the note that they are to be taken out. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import BetterSqlite, { type Database } from 'better-sqlite3'
import { expect } from 'chai'
import { finishScrub, noteScrubDue, scrub } from '../../../../src/ledger/forget/scrub.ts'
import { readMeta } from '../../../../src/ledger/meta.ts'
import { ledgerOfEachTest, newEvent } from '../../../support/ledger-of-each-test.ts'

const secret = 'SECRETWORD'

describe('Taking out the remains of deleted rows', () => {
  const site = ledgerOfEachTest()
  const isDue = () => readMeta(site.ledger.db, 'scrub') !== undefined
  const inFiles = (text: string) => {
    const folder = dirname(site.ledger.file)
    return readdirSync(folder).some((name) => readFileSync(join(folder, name)).includes(text))
  }
  const deleteSecret = () => {
    const params = { text: `${secret} `.repeat(1000) }
    site.ledger.events.append([newEvent('warning', { params }), newEvent('kept')])
    site.ledger.db.transaction(() => {
      site.ledger.db.prepare('DELETE FROM events WHERE id = 1').run()
      noteScrubDue(site.ledger.db)
    })()
  }
  /** The database with a VACUUM that fails. */
  const failing = (error: Error) =>
    new Proxy(site.ledger.db, {
      get: (db, name) => {
        if (name === 'exec')
          return () => {
            throw error
          }
        const value: unknown = Reflect.get(db, name)
        return typeof value === 'function' ? value.bind(db) : value
      },
    }) as Database

  it('leaves none in the ledger or beside it, and is due no more', () => {
    deleteSecret()
    expect([inFiles(secret), isDue()]).to.deep.equal([true, true])
    scrub(site.ledger.db)
    expect([inFiles(secret), inFiles('"method":"kept"'), isDue()]).to.deep.equal([false, true, false])
  })

  it('is noted with what deletes, or not at all', () => {
    const { db } = site.ledger
    const refused = db.transaction(() => {
      noteScrubDue(db)
      throw new Error('no')
    })
    expect(refused).to.throw('no')
    expect(isDue()).to.equal(false)
  })

  it('is done by the next start where it is due', () => {
    deleteSecret()
    finishScrub(site.ledger.db)
    expect([inFiles(secret), isDue()]).to.deep.equal([false, false])
  })

  it('is not done by a start where it is not due', () => {
    expect(() => finishScrub(failing(new Error('VACUUM')))).not.to.throw()
  })

  const { SqliteError } = BetterSqlite
  const errors: readonly (readonly [title: string, error: Error, isThrown: boolean])[] = [
    ['a full disk', new SqliteError('database or disk is full', 'SQLITE_FULL'), false],
    ['a reader in the way', new SqliteError('database is locked', 'SQLITE_BUSY'), false],
    ['a damaged file', new SqliteError('malformed', 'SQLITE_CORRUPT_INDEX'), true],
    ['what is no error of the file', new TypeError('a fault of ours'), true],
  ]
  for (const [title, error, isThrown] of errors) {
    it(`stays due after ${title}, which a start ${isThrown ? 'reports' : 'survives'}`, () => {
      noteScrubDue(site.ledger.db)
      const starting = expect(() => finishScrub(failing(error)))
      if (isThrown) starting.to.throw(error.message)
      else starting.not.to.throw()
      expect(() => scrub(failing(error))).to.throw(error.message)
      expect(isDue()).to.equal(true)
    })
  }
})
