/** Append, then publish; and a disk that is full for a while. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { pino } from 'pino'
import { Recorder } from '../../src/daemon/recorder.ts'
import type { NewEvent } from '../../src/ledger/event-text.ts'
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts'
import { eventually } from '../support/eventually.ts'

const log = pino({ level: 'silent' })

function event(threadId: string, size = 10): NewEvent {
  const params = { text: 'x'.repeat(size) }
  return { threadId, turnId: null, atMs: 0, method: 'warning', params, itemId: null, by: null }
}

describe('the recorder', () => {
  let dir: string
  let ledger: Ledger
  let published: [string, number[]][]
  let missed: string[]
  let recorder: Recorder

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'codex-share-recorder-'))
    ledger = openLedger(join(dir, 'ledger.db'))
    for (const id of ['a', 'b']) ledger.threads.open(id, { name: null, cwd: null, preview: null })
    published = []
    missed = []
    recorder = new Recorder({
      ledger,
      log,
      publish: (threadId, events) => published.push([threadId, events.map(({ id }) => id)]),
      onMissed: (threadIds) => missed.push(...threadIds),
      maxWaiting: 3,
    })
  })

  afterEach(() => {
    recorder.close()
    ledger.close()
    rmSync(dir, { recursive: true })
  })

  it('records what comes in one tick together, and publishes it by thread only then', async () => {
    for (const threadId of ['a', 'b', 'a']) recorder.add(event(threadId))
    expect([published, ledger.events.head('a')]).to.deep.equal([[], 0])
    await eventually('the tick ends', () => published.length > 0)
    expect(published).to.deep.equal([
      ['a', [1, 2]],
      ['b', [1]],
    ])
  })

  it('publishes nothing that is not recorded, and goes on by itself, in order, when there is room again', async () => {
    const pages = Number(ledger.db.pragma('page_count', { simple: true }))
    ledger.db.pragma(`max_page_count = ${pages}`)
    recorder.add(event('a', 200_000))
    expect(recorder.flush()).to.equal(false)
    expect([published, recorder.problem, ledger.events.page('a', 0, 10)]).to.deep.equal([
      [],
      'the ledger cannot be written: database or disk is full',
      [],
    ])
    recorder.add(event('a'))
    ledger.db.pragma('max_page_count = 1000000')
    await eventually('it is written after all', () => published.length > 0)
    expect([published, recorder.problem]).to.deep.equal([[['a', [1, 2]]], null])
  })

  it('names the threads whose events there was no room for, once it can write again', async () => {
    ledger.db.pragma(`max_page_count = ${Number(ledger.db.pragma('page_count', { simple: true }))}`)
    recorder.add(event('a', 200_000))
    expect(recorder.flush()).to.equal(false)
    for (const threadId of ['a', 'a', 'b', 'b']) recorder.add(event(threadId))
    ledger.db.pragma('max_page_count = 1000000')
    await eventually('it is written', () => published.length > 0)
    expect([published, missed]).to.deep.equal([[['a', [1, 2, 3]]], ['b']])
  })

  it('leaves out what cannot be written down, and dates what has no time', () => {
    const circular: Record<string, unknown> = {}
    circular.self = circular
    const before = Date.now()
    for (const odd of [{ atMs: Number.NaN }, { params: circular }, { atMs: 9e15 }])
      recorder.add({ ...event('a'), ...odd })
    expect([recorder.flush(), recorder.problem]).to.deep.equal([true, null])
    const times = ledger.events.page('a', 0, 10).map(({ json }) => Date.parse(JSON.parse(json).at))
    expect(times.map((atMs) => atMs >= before)).to.deep.equal([true, true])
  })
})
