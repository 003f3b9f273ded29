/** Turns and request ids, as they are kept in step with the events. */
import { expect } from 'chai'
import { ledgerOfEachTest, newCompletion, newEvent, storedThread } from '../../support/ledger-of-each-test.ts'

const by = { label: 'ann', kind: 'ui', pid: 1 }
const input = [{ type: 'text', text: 'Go' }]

describe('A turn in the ledger', () => {
  const site = ledgerOfEachTest()
  const started = (turnId: string) => newEvent('turn/started', { turnId, by })
  const ended = (turnId: string, status: string) =>
    newEvent('turn/completed', { turnId, params: { turn: { id: turnId, status } } })

  it('runs from its start to its end, with the id of its first event and its author', () => {
    const { events, turns } = site.ledger
    events.append([newEvent('warning', { turnId: null }), started('t1')])
    const running = { turnId: 't1', firstId: 2, startedMs: 1000, status: 'inProgress', by }
    expect([turns.open(storedThread), turns.get(storedThread, 't1')]).to.deep.equal([running, running])
    events.append([ended('t1', 'failed')])
    expect([turns.open(storedThread), turns.get(storedThread, 't1')]).to.deep.equal([
      undefined,
      { ...running, status: 'failed' },
    ])
  })

  it('keeps its first start where that is recorded again', () => {
    site.ledger.events.append([started('t1'), newEvent('turn/started', { atMs: 2000 })])
    expect(site.ledger.turns.get(storedThread, 't1')).to.include({ firstId: 1, startedMs: 1000 })
  })

  it('is the newest by its id, and the last completed among those that ended well', () => {
    const { events, turns } = site.ledger
    events.append(['t3', 't1', 't2'].map(started))
    events.append([ended('t1', 'completed'), ended('t2', 'completed'), ended('t3', 'interrupted')])
    expect([turns.newest(storedThread)?.turnId, turns.lastCompleted(storedThread)?.turnId]).to.deep.equal(['t3', 't2'])
  })

  it('is known in its own thread alone', () => {
    site.ledger.threads.open('b')
    site.ledger.events.append([started('t1')])
    expect([site.ledger.turns.open('b'), site.ledger.turns.get('b', 't1')]).to.deep.equal([undefined, undefined])
  })
})

describe('A submit in the ledger', () => {
  const site = ledgerOfEachTest()
  const request = () => {
    const { atMs, ...rest } = site.ledger.turns.request(storedThread, 'r1') ?? { atMs: 0 }
    return { ...rest, isDated: Math.abs(Date.now() - atMs) < 60_000 }
  }
  const remembered = { requestId: 'r1', content: 'digest', turnId: null, by, isDated: true }
  const remember = () => site.ledger.turns.remember(storedThread, { requestId: 'r1', content: 'digest', input, by })

  it('is remembered without a turn, cannot be remembered twice, and is forgotten where Codex refused it', () => {
    remember()
    expect(request()).to.deep.equal(remembered)
    expect(remember).to.throw('UNIQUE')
    site.ledger.turns.forget(storedThread, 'r1')
    expect(site.ledger.turns.request(storedThread, 'r1')).to.equal(undefined)
  })

  it('keeps what it was when its turn is known, also after the file was opened again', () => {
    remember()
    site.ledger.turns.fulfil(storedThread, 'r1', 't1')
    site.reopen()
    expect(request()).to.deep.equal({ ...remembered, turnId: 't1' })
  })

  it('of which only the turn is known has no content and no author', () => {
    site.ledger.turns.fulfil(storedThread, 'r1', 't1')
    expect(request()).to.deep.equal({ ...remembered, content: '', turnId: 't1', by: null })
    expect(site.ledger.turns.unrecorded(storedThread, 't1')).to.deep.equal([])
  })

  it('is unrecorded from the turn that took it to its prompt in the events', () => {
    const { turns, events } = site.ledger
    const lost = () => [turns.unrecorded(storedThread, 't1'), turns.withUnrecorded(storedThread)]
    remember()
    expect(lost()).to.deep.equal([[], []])
    turns.fulfil(storedThread, 'r1', 't1')
    expect(lost()).to.deep.equal([[{ requestId: 'r1', input, by }], ['t1']])
    events.append([newEvent('item/started', { itemId: 'u', requestId: 'r1' })])
    expect(lost()).to.deep.equal([[{ requestId: 'r1', input, by }], ['t1']])
    events.append([newCompletion('u', { requestId: 'r1' })])
    expect(lost()).to.deep.equal([[], []])
  })

  it('is of an unstarted turn until the turn’s first event', () => {
    const { turns, events } = site.ledger
    const unstarted = () => {
      const { turnId, by: author } = turns.unstarted(storedThread) ?? {}
      return [turnId, author]
    }
    remember()
    expect(unstarted()).to.deep.equal([undefined, undefined])
    turns.fulfil(storedThread, 'r1', 't1')
    expect(unstarted()).to.deep.equal(['t1', by])
    events.append([newEvent('turn/started')])
    expect(unstarted()).to.deep.equal([undefined, undefined])
  })
})
