/** The ledger on a real file. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { eventLine } from '../../../src/ledger/event-text.ts'
import { type Ledger, openLedger } from '../../../src/ledger/ledger.ts'
import { prune } from '../../support/prune.ts'
import { completed, delta, event, threadId } from '../../support/samples/ledger-events.ts'

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
    prune(ledger.retention, { days: 0, megabytes: 1e-6 }, 10)
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
    expect(prune(ledger.retention, { days: 1, megabytes: 0 }, 1)).to.equal(1)
    expect([ids(), ledger.events.gap(threadId, 0)]).to.deep.equal([
      [2, 3],
      { threadId, from: 1, to: 1, reason: 'pruned' },
    ])
    expect(prune(ledger.retention, { days: 1, megabytes: 0 }, 10)).to.equal(1)
    expect(prune(ledger.retention, { days: 1, megabytes: 0 }, 10)).to.equal(0)
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
    prune(ledger.retention, { days: 1, megabytes: 0 }, 10)
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
    ledger.events.append([
      ...turn('1 older'),
      ...turn('2 newest'),
      event('warning', { turnId: null, atMs: Date.now() }),
    ])
    prune(ledger.retention, { days: 1, megabytes: 0 }, 100)
    expect([ids(), ledger.turns.get(threadId, '1 older')]).to.deep.equal([[5], undefined])
    expect(ledger.turns.get(threadId, '2 newest')).to.include({ status: 'completed' })
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
})
