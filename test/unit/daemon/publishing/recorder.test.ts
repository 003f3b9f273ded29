/** Append, then publish; and a disk that is full for a while. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { pino } from 'pino'
import { Recorder } from '../../../../src/daemon/publishing/recorder.ts'
import type { NewEvent } from '../../../../src/ledger/event-text.ts'
import { type Ledger, openLedger } from '../../../../src/ledger/ledger.ts'
import { eventually } from '../../../support/waiting/eventually.ts'
import { onScriptedTime } from '../../../support/waiting/scripted-ticks.ts'

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

  it(
    'publishes nothing that is not recorded, and goes on by itself, in order, when there is room again',
    onScriptedTime((time) => {
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
      time.run(1000)
      expect([published, recorder.problem]).to.deep.equal([[['a', [1, 2]]], null])
    }),
  )

  it(
    'writes what must not get lost before the events, as soon as it can, and only then is all written',
    onScriptedTime(async (time) => {
      const done: string[] = []
      ledger.db.pragma(`max_page_count = ${Number(ledger.db.pragma('page_count', { simple: true }))}`)
      recorder.add(event('a', 200_000))
      const persisted = recorder.persist(() => {
        ledger.threads.describe('b', { name: 'x'.repeat(200_000), preview: null })
        return 'persisted'
      })
      void persisted.then((word) => done.push(word))
      void recorder.untilWritten().then(() => done.push('written'))
      expect(() => recorder.writeNow(() => done.push('written now')))
        .to.throw('database or disk is full')
        .with.deep.property('facts', { sent: false })
      await eventually('a try has failed', () => recorder.problem !== null)
      expect([done, published, ledger.threads.get('b')?.name]).to.deep.equal([[], [], null])
      ledger.db.pragma('max_page_count = 1000000')
      time.run(1000)
      await eventually('all is written', () => done.length === 2)
      expect([done, published, recorder.writeNow(() => 'now')]).to.deep.equal([
        ['persisted', 'written'],
        [['a', [1]]],
        'now',
      ])
    }),
  )

  it('gives back what a write throws because of something else than the disk', async () => {
    const thrown = recorder.persist(() => {
      throw new Error('not of the disk')
    })
    expect(await thrown.catch((error: Error) => error.message)).to.equal('not of the disk')
    expect(recorder.problem).to.equal(null)
  })

  it(
    'names the threads whose events there was no room for, once it can write again',
    onScriptedTime((time) => {
      ledger.db.pragma(`max_page_count = ${Number(ledger.db.pragma('page_count', { simple: true }))}`)
      recorder.add(event('a', 200_000))
      expect(recorder.flush()).to.equal(false)
      for (const threadId of ['a', 'a', 'b', 'b']) recorder.add(event(threadId))
      ledger.db.pragma('max_page_count = 1000000')
      time.run(1000)
      expect([published, missed]).to.deep.equal([[['a', [1, 2, 3]]], ['b']])
    }),
  )

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
