/** How much of a ledger's file is kept though it holds nothing. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect } from 'chai'
import { keptFreeBytes } from '../../../src/doctor/free-room.ts'

describe('Room in a ledger that is not given back', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cs-room-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const emptied = (vacuum: string) => {
    const file = join(folder, `${vacuum}.db`)
    const db = new Database(file)
    db.pragma(`auto_vacuum = ${vacuum}`)
    db.exec('CREATE TABLE t (x); CREATE TABLE u (x)')
    db.prepare('INSERT INTO t VALUES (zeroblob(1000000))').run()
    db.exec('DELETE FROM t')
    db.close()
    return file
  }

  it('is that of the free pages of a file that an older program made', () => {
    expect(keptFreeBytes(emptied('NONE'))).to.be.within(990_000, 1_010_000)
    expect(keptFreeBytes(emptied('INCREMENTAL'))).to.equal(0)
  })

  it('is none in a file that is no database', () => {
    const file = join(folder, 'text')
    writeFileSync(file, 'x'.repeat(200))
    expect(keptFreeBytes(file)).to.equal(0)
  })
})
