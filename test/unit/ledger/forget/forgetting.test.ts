import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { type Ledger, openLedger } from '../../../../src/ledger/ledger.ts'
import type { ShareEvent } from '../../../../src/protocol/events.ts'
import { by, event, threadId, turnEvents } from '../../../support/samples/ledger-events.ts'

const secret = 'grün"geheim\n7'

describe('forgetting', () => {
  let dir: string
  let file: string
  let ledger: Ledger

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'codex-share-forget-'))
    file = join(dir, 'ledger.db')
    ledger = openLedger(file)
    ledger.threads.open(threadId, { name: 'lab', cwd: '/', preview: 'the first prompt' })
  })

  afterEach(() => {
    ledger.close()
    rmSync(dir, { recursive: true })
  })

  const read = (after = 0) =>
    ledger.events.page(threadId, after, 1000).map(({ json }) => JSON.parse(json) as ShareEvent)
  const shown = () => read().map(({ id, method, params }) => [id, method, params.events].filter(Boolean).join(' '))
  const forget = (what: { turnId?: string; text?: string } = {}) => {
    const [note] = ledger.forgetting.carryOut({ threadId, ...what }, { by, atMs: 5000 })
    const rows = ledger.db.prepare('SELECT count(*) FROM events WHERE delta_of IS NULL').pluck().get()
    expect(ledger.threads.countEvents()).to.equal(rows)
    return JSON.parse(note?.json ?? '') as ShareEvent
  }
  /** Whether any of the files beside the ledger has the bytes. */
  const inFiles = (text: string) => readdirSync(dir).some((name) => readFileSync(join(dir, name)).includes(text))

  it('leaves an event where a turn was, with whom and when and how it ended, and adds one for those who follow', () => {
    ledger.events.append([
      ...turnEvents('t1', 'one'),
      ...turnEvents('t2', secret, 2000),
      ...turnEvents('t3', 'three', 3000),
    ])
    const note = forget({ turnId: 't2' })
    const about = { threadId, turnId: 't2', events: 3, forgottenAt: '1970-01-01T00:00:05.000Z' }
    expect(note).to.deep.include({
      ...{ id: 13, turnId: null, at: '1970-01-01T00:00:05.000Z', method: 'share/forgotten', by },
      params: { ...about, ranges: [{ from: 5, to: 8 }] },
    })
    expect(shown()).to.deep.equal([
      ...['1 turn/started', '3 item/completed', '4 turn/completed', '5 share/forgotten 3'],
      ...['9 turn/started', '11 item/completed', '12 turn/completed', '13 share/forgotten 3'],
    ])
    expect(read(4)[0]).to.deep.equal({
      ...{ id: 5, threadId, turnId: 't2', at: '1970-01-01T00:00:02.000Z', method: 'share/forgotten', by },
      params: { ...about, ranges: [{ from: 5, to: 8 }], status: 'completed' },
    })
    expect(ledger.events.cursorBefore(threadId, { atMs: 2500 })).to.equal(8)
    expect(ledger.turns.get(threadId, 't2')).to.include({ status: 'completed', by: null })
  })

  it('is told to a reader who begins or goes on in the middle of what was forgotten', () => {
    ledger.events.append([...turnEvents('t1', 'one'), ...turnEvents('t2', 'two')])
    forget({ turnId: 't1' })
    const { events } = ledger
    const gaps = [0, 1, 2, 3, 4, 8, 9].map((cursor) => events.gap(threadId, cursor))
    const gap = { threadId, to: 4, reason: 'forgotten' }
    expect(gaps).to.deep.equal([null, null, { ...gap, from: 3 }, { ...gap, from: 4 }, null, null, null])
    expect([1, 2, 4, 5, 9].map((id) => events.cursorBefore(threadId, { id }))).to.deep.equal([0, 0, 0, 4, 8])
  })

  it('finds a text as people wrote it, in the JSON of programs, in pieces of an answer that never ended, and in names', () => {
    ledger.threads.describe(threadId, { name: `about ${secret}`, preview: null })
    ledger.turns.remember(threadId, { requestId: `job ${secret}`, content: 'x', input: [], by })
    ledger.turns.remember(threadId, { requestId: 'r2', content: 'x', input: [{ text: secret }], by })
    const cut = secret.length / 2
    ledger.events.append([
      ...turnEvents('t1', 'nothing'),
      event('item/completed', { params: { item: { arguments: JSON.stringify({ cmd: secret }) } } }),
      event('item/completed', { params: { item: { output: JSON.stringify(secret).replace('ü', '\\u00fc') } } }),
      event('warning', { params: { message: secret.toUpperCase() } }),
      event('item/agentMessage/delta', { itemId: 'open', params: { delta: `so: ${secret.slice(0, cut)}` } }),
      event('item/agentMessage/delta', { itemId: 'other', params: { delta: 'other' } }),
      event('item/agentMessage/delta', { itemId: 'open', params: { delta: secret.slice(cut) } }),
    ])
    expect(ledger.forgetting.find({ threadId, text: secret })).to.deep.equal({
      ...{ events: 4, turns: 1, facts: 3 },
      ranges: [{ from: 5, to: 6 }, ...[8, 10].map((id) => ({ from: id, to: id }))],
    })
    forget({ text: secret })
    expect(shown().slice(3)).to.deep.equal([
      ...['5 share/forgotten 2', '7 warning', '8 share/forgotten 1', '9 item/agentMessage/delta'],
      ...['10 share/forgotten 1', '11 share/forgotten 4'],
    ])
    expect(ledger.threads.get(threadId)?.name).to.equal(null)
    expect(ledger.forgetting.find({ threadId, text: secret })).to.include({ events: 0, facts: 0 })
    // Codex still calls it so, and a person may call it otherwise.
    ledger.threads.open(threadId, { name: `about ${secret}`, cwd: '/', preview: null })
    expect(ledger.threads.get(threadId)?.name).to.equal(null)
    const unknown = { name: null, cwd: null, preview: null }
    ledger.threads.open('another', unknown)
    ledger.forgetting.carryOut({ threadId: 'another', text: secret }, { by, atMs: 0 })
    ledger.threads.open('another', { ...unknown, preview: `Codex knows ${secret}` })
    expect(ledger.threads.get('another')?.preview).to.equal(null)
    ledger.threads.describe(threadId, { name: 'harmless', preview: null })
    expect(ledger.threads.get(threadId)?.name).to.equal('harmless')
  })

  it('leaves one event of a whole thread, gives no id again, and does not take what was said first from Codex once more', () => {
    ledger.events.append([...turnEvents('t1', secret), ...turnEvents('t2', 'two')])
    ledger.turns.remember(threadId, { requestId: 'r1', content: 'digest', input: [{ text: 'prompt' }], by })
    ledger.turns.fulfil(threadId, 'r1', 't1')
    forget()
    expect(read().map(({ id, params }) => [id, params.events, params.ranges])).to.deep.equal([
      [9, 6, [{ from: 1, to: 8 }]],
    ])
    expect(ledger.threads.get(threadId)).to.include({ name: null, cwd: null, preview: null })
    ledger.close()
    ledger = openLedger(file)
    ledger.threads.open(threadId, { name: 'lab', cwd: '/', preview: 'the first prompt' })
    expect(ledger.threads.get(threadId)).to.include({ name: 'lab', preview: null })
    expect(ledger.turns.get(threadId, 't2')).to.include({ status: 'completed', by: null })
    expect(ledger.turns.request(threadId, 'r1')).to.include({ content: '', turnId: 't1', by: null })
    expect(ledger.turns.unrecorded(threadId, 't1')).to.deep.equal([])
    expect(ledger.events.append([event('warning')])[0]?.id).to.equal(10)
  })

  it('leaves no trace in the files, also of what was dropped before it was forgotten', () => {
    // Pieces of answers, dropped again, in pages that others went on to use.
    for (let round = 0; round < 300; round += 1)
      ledger.events.append(
        turnEvents(`t${round}`, round % 7 === 0 ? `${secret} SECRETWORD ${round}` : 'harmless '.repeat(round)),
      )
    expect(inFiles('SECRETWORD')).to.equal(true)
    forget({ text: secret })
    ledger.scrub()
    expect([inFiles('SECRETWORD'), inFiles('harmless')]).to.deep.equal([false, true])
  })
})
