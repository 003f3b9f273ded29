/** The ledger on a real file. */
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect } from 'chai'
import { eventBody, eventLine, type NewEvent } from '../../../src/ledger/event-text.ts'
import { type Ledger, openLedger } from '../../../src/ledger/ledger.ts'
import { migrations, schemaVersion } from '../../../src/ledger/schema.ts'
import {
  formerLedger,
  formerLedgers,
  isIntegrityCheckRequested,
  ledgersPutAside,
  requestIntegrityCheck,
} from '../../../src/platform/places/ledger-files.ts'
import { crashMachine, damageLedger } from '../../support/damage-ledger.ts'

const threadId = '01a20590-456e-70b2-a977-25507630a948'

function event(method: string, more: Partial<NewEvent> = {}): NewEvent {
  return { threadId, turnId: 't1', atMs: 1000, method, params: { threadId }, itemId: null, by: null, ...more }
}

const delta = (itemId: string, atMs = 1000) => event('item/agentMessage/delta', { itemId, atMs })
const completed = (itemId: string) => event('item/completed', { itemId, params: { threadId, item: { id: itemId } } })

describe('the ledger', () => {
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

  it('gives ids from 1 upwards and writes an event as the whole JSON that peers get', () => {
    const by = { label: 'ci', kind: 'script', pid: 7 }
    const [first] = ledger.events.append([event('turn/started', { by, params: { threadId, turn: { id: 't1' } } })])
    expect(JSON.parse(first?.json ?? '')).to.deep.equal({
      id: 1,
      threadId,
      turnId: 't1',
      at: '1970-01-01T00:00:01.000Z',
      method: 'turn/started',
      params: { threadId, turn: { id: 't1' } },
      by,
    })
    expect(ledger.events.page(threadId, 0, 10)).to.deep.equal([first])
  })

  it('reads back the very lines that were published, so many bytes at a time, and at least one however large it is', () => {
    const texts = [3, 3, 100, 5000, 3, 3].map((size) =>
      event('warning', { params: { threadId, message: 'ü"\n'.repeat(size) } }),
    )
    const form = { before: '<', after: '>\n' }
    const published = ledger.events.append(texts).map(({ json }) => eventLine(json, form))
    const read: string[] = []
    let cursor = 0
    for (;;) {
      const { bytes, last, count } = ledger.events.lines(threadId, cursor, 600, form)
      if (count === 0) break
      read.push(bytes.toString('utf8'))
      cursor = last
    }
    expect(read.join('')).to.equal(published.join(''))
    expect(read.filter((lines) => lines.length > 1500)).to.deep.equal([published[3]])
  })

  it('drops the deltas of an item when it is complete, and never gives their ids again, also after opening anew', () => {
    ledger.events.append([event('turn/started')])
    ledger.events.append([delta('a'), delta('b'), delta('a')])
    ledger.close()
    ledger = openLedger(file)
    ledger.events.append([completed('a')])
    expect(ids()).to.deep.equal([1, 3, 5])
    ledger.events.append([delta('b'), completed('b')])
    ledger.close()
    ledger = openLedger(file)
    ledger.events.append([event('warning')])
    expect(ids()).to.deep.equal([1, 5, 7, 8])
  })

  it('goes on above deltas that were the last to come, whatever became of them', () => {
    ledger.events.append([event('warning', { atMs: Date.now() })])
    ledger.events.append([delta('a'), delta('a')])
    ledger.close()
    ledger = openLedger(file)
    expect(ledger.events.append([delta('a')])[0]?.id).to.equal(4)
    ledger.retention.prune({ days: 0, megabytes: 1e-6 }, 10)
    expect(ids()).to.deep.equal([])
    ledger.close()
    ledger = openLedger(file)
    expect(ledger.events.append([delta('b')])[0]?.id).to.equal(5)
  })

  it('gives no id of a delta again after it was killed', () => {
    ledger.events.append([event('turn/started'), delta('a')])
    for (let count = 0; count < 1500; count += 1) ledger.events.append([delta('a')])
    ledger.db.close()
    ledger = openLedger(file)
    expect(ledger.events.append([delta('b')])[0]?.id).to.be.within(1503, 2600)
    ledger.events.append([completed('a'), completed('b')])
    expect(ids()).to.have.lengthOf(3)
  })

  it('records a group whole or not at all', () => {
    ledger.events.append([event('warning')])
    const circular: Record<string, unknown> = {}
    circular.self = circular
    const group = [event('warning'), delta('a'), event('warning', { params: circular })]
    expect(() => ledger.events.append(group)).to.throw(TypeError)
    ledger.events.append([delta('a')])
    expect(ids()).to.deep.equal([1, 2])
    ledger.events.append([completed('a')])
    expect(ids()).to.deep.equal([1, 3])
  })

  it('finds where reading begins: by id, by time, and the newest few', () => {
    ledger.events.append([1000, 2000, 3000].map((atMs) => event('warning', { atMs })))
    ledger.events.append([delta('open', 4000)])
    ledger.events.append([delta('open', 5000)])
    const { events } = ledger
    expect(events.cursorBefore(threadId, { id: 3 })).to.equal(2)
    expect(events.cursorBefore(threadId, { atMs: 1500 })).to.equal(1)
    expect(events.cursorBefore(threadId, { atMs: 3500 })).to.equal(3)
    expect(events.cursorBefore(threadId, { atMs: 4500 })).to.equal(4)
    expect(events.cursorBefore(threadId, { atMs: 9000 })).to.equal(5)
    events.append([event('warning', { atMs: 6000 })])
    expect(events.cursorBefore(threadId, { atMs: 4500 })).to.equal(4)
    expect(events.cursorBefore(threadId, { atMs: 5500 })).to.equal(5)
    events.append([event('warning', { atMs: 8000 }), event('warning', { atMs: 7000 })])
    expect(events.cursorBefore(threadId, { atMs: 6500 })).to.equal(6)
    expect(events.cursorBeforeNewest(threadId, 5)).to.equal(3)
    expect(events.cursorBeforeNewest(threadId, 100)).to.equal(0)
    expect(events.cursorBeforeNewest(threadId, 2, 3)).to.equal(0)
  })

  it('lists the thread first in which something was done last, whatever Codex says of others as such', () => {
    const other = '01a20590-456e-70b2-a977-000000000000'
    ledger.threads.open(other, { name: 'other', cwd: '/', preview: null })
    const newest = () => ledger.threads.listOpen()[0]?.name
    const later = Date.now() + 1000
    ledger.events.append([event('turn/started', { atMs: later })])
    expect(newest()).to.equal('lab')
    ledger.events.append([event('thread/goal/cleared', { threadId: other, turnId: null, atMs: later + 1000 })])
    expect(newest()).to.equal('lab')
    ledger.events.append([event('turn/started', { threadId: other, atMs: later + 2000 })])
    expect(newest()).to.equal('other')
  })

  it('does not list a thread first for long because of one event from the future', () => {
    ledger.events.append([event('turn/started', { atMs: Date.now() + 86_400_000 })])
    expect(ledger.threads.get(threadId)?.updatedMs).to.be.within(Date.now(), Date.now() + 60_000)
    ledger.db.prepare('UPDATE threads SET updated_ms = ?').run(Date.now() + 86_400_000)
    ledger.events.append([event('turn/completed', { atMs: Date.now() })])
    expect(ledger.threads.get(threadId)?.updatedMs).to.be.within(Date.now(), Date.now() + 60_000)
  })

  it('remembers what retention let go', () => {
    const now = Date.now()
    ledger.events.append([1000, 2000, now].map((atMs) => event('warning', { atMs })))
    expect(ledger.retention.prune({ days: 1, megabytes: 0 }, 1)).to.equal(1)
    expect([ids(), ledger.events.gap(threadId, 0)]).to.deep.equal([
      [2, 3],
      { threadId, from: 1, to: 1, reason: 'pruned' },
    ])
    expect(ledger.retention.prune({ days: 1, megabytes: 0 }, 10)).to.equal(1)
    expect(ledger.retention.prune({ days: 1, megabytes: 0 }, 10)).to.equal(0)
    ledger.close()
    ledger = openLedger(file)
    expect([ids(), ledger.events.gap(threadId, 0)?.to, ledger.events.gap(threadId, 2)]).to.deep.equal([[3], 2, null])
  })

  it('knows how many events stay, whatever comes and goes, also after it was killed', () => {
    const rows = () => ledger.db.prepare('SELECT count(*) FROM events WHERE delta_of IS NULL').pluck().get()
    const now = Date.now()
    const check = (count: number) => expect([ledger.threads.countEvents(), rows()]).to.deep.equal([count, count])
    ledger.events.append([event('warning'), delta('a'), event('warning', { atMs: now }), delta('a', now)])
    check(2)
    expect(() => ledger.events.append([event('warning', { params: 1n })])).to.throw(TypeError)
    ledger.events.append([event('item/completed', { itemId: 'a', atMs: now })])
    check(3)
    ledger.retention.prune({ days: 1, megabytes: 0 }, 10)
    check(2)
    ledger.db.close()
    ledger = openLedger(file)
    check(2)
  })

  it('knows the newest turn of a thread also when retention has let its events go', () => {
    const turn = (turnId: string) => [
      event('turn/started', { turnId }),
      event('turn/completed', { turnId, params: { turn: { id: turnId, status: 'completed' } } }),
    ]
    ledger.events.append([...turn('older'), ...turn('newest'), event('warning', { turnId: null, atMs: Date.now() })])
    ledger.retention.prune({ days: 1, megabytes: 0 }, 100)
    expect([ids(), ledger.turns.get(threadId, 'older')]).to.deep.equal([[5], undefined])
    expect(ledger.turns.get(threadId, 'newest')).to.include({ status: 'completed' })
  })

  it('keeps turns in step with the events', () => {
    ledger.events.append([event('warning'), event('turn/started')])
    expect(ledger.turns.open(threadId)).to.include({ turnId: 't1', firstId: 2, status: 'inProgress' })
    ledger.events.append([
      completed('i1'),
      event('turn/completed', { params: { turn: { id: 't1', status: 'failed' } } }),
    ])
    expect(ledger.turns.open(threadId)).to.equal(undefined)
    expect(ledger.turns.get(threadId, 't1')?.status).to.equal('failed')
    expect(ledger.events.completedItems(threadId, 't1', 2)).to.deep.equal(new Set(['i1']))
  })

  it('does not take a turn for ended by an end that does not say how', () => {
    const end = (status: unknown) => event('turn/completed', { params: { turn: { id: 't1', status } } })
    ledger.events.append([event('turn/started'), end({ type: 'completed' })])
    expect(ledger.turns.open(threadId)?.turnId).to.equal('t1')
    ledger.events.append([end('failed')])
    expect(ledger.turns.get(threadId, 't1')?.status).to.equal('failed')
  })

  it('keeps a turn that was begun without a prompt until it ends, as its author’s', () => {
    const by = { label: 'ann', kind: 'ui', pid: 1 }
    const lost = () => [ledger.turns.unstarted(threadId)?.by, ledger.turns.withUnrecorded(threadId)]
    ledger.turns.rememberBegun(threadId, 't1', { requestId: 'r1', by })
    expect(lost()).to.deep.equal([by, ['t1']])
    expect(ledger.turns.unrecorded(threadId, 't1')).to.deep.equal([])
    const ended = event('turn/completed', { params: { turn: { id: 't1', status: 'completed' } } })
    ledger.events.append([event('turn/started'), ended])
    expect(lost()).to.deep.equal([undefined, []])
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
