/** The events that go when a turn, a text or a whole thread is forgotten. */
import { expect } from 'chai'
import type { NewEvent } from '../../../../src/ledger/event-text.ts'
import { chooseEvents, isWhole, wholeThread } from '../../../../src/ledger/forget/choose-events.ts'
import { ledgerOfEachTest, newEvent, storedThread } from '../../../support/ledger-of-each-test.ts'

const say = (text: unknown, more: Partial<NewEvent> = {}) => newEvent('warning', { params: { text }, ...more })
const piece = (itemId: string, delta: unknown) => newEvent('item/agentMessage/delta', { itemId, params: { delta } })
const note = (more: Partial<NewEvent> = {}) =>
  newEvent('share/forgotten', { params: { threadId: storedThread, events: 3, ranges: [] }, ...more })
/** What a tool was called with is JSON in JSON's own form, and may say anything. */
const likeNote = (more: Partial<NewEvent> = {}) =>
  newEvent('item/completed', { params: { item: { arguments: { method: 'share/forgotten' } } }, ...more })

describe('The events to forget', () => {
  const site = ledgerOfEachTest()
  const key = (threadId = storedThread) => site.ledger.threads.counters(threadId).key
  const record = (...events: NewEvent[]) => site.ledger.events.append(events)
  const choose = (what: { turnId?: string; text?: string }) =>
    chooseEvents(site.ledger.db, key(), { threadId: storedThread, ...what })
  const whole = () => wholeThread(site.ledger.db, key())

  it('are all of a thread only where neither a turn nor a text is named', () => {
    const subjects = [{}, { turnId: 't1' }, { text: '' }, { turnId: undefined, text: undefined }]
    expect(subjects.map((what) => isWhole({ threadId: 'a', ...what }))).to.deep.equal([true, false, false, true])
  })

  describe('of a whole thread', () => {
    it('are one run, without what was noted of earlier ones', () => {
      record(note(), say('one'), say('two', { turnId: 't2', atMs: 9000 }), note())
      expect(whole()).to.deep.equal({ events: 2, from: 2, to: 3, atMs: 0, turnId: null, status: undefined })
      expect(choose({})).to.deep.equal([])
    })

    it('are none where there are only notes, or nothing', () => {
      const empty = whole()
      record(note(), note())
      expect([empty, whole()]).to.deep.equal([undefined, undefined])
    })

    it('have among them what only looks like a note', () => {
      record(likeNote(), say('"method":"share/forgotten"'))
      expect(whole()).to.include({ events: 2, from: 1, to: 2 })
    })
  })

  describe('of a turn', () => {
    it('are those under its id, of its thread, upwards', () => {
      site.ledger.threads.open('b')
      record(say('x'), say('x', { turnId: 't2' }), say('x', { turnId: null }), say('x', { threadId: 'b' }), say('x'))
      expect(choose({ turnId: 't1' })).to.deep.equal([1, 4])
      expect(choose({ turnId: 't' })).to.deep.equal([])
    })

    it('are not those that only name it', () => {
      record(say('"turnId":"t2",'), newEvent('warning', { params: { turnId: 't2', more: 1 } }))
      expect(choose({ turnId: 't2' })).to.deep.equal([])
    })

    it('are also those of a sub-turn that names it as its own', () => {
      record(newEvent('turn/started', { turnId: 'sub', params: { turn: { id: 'sub', rootTurnId: 't2' } } }), say('x'))
      expect(choose({ turnId: 't2' })).to.deep.equal([1])
    })

    it('are found by an id of any characters', () => {
      const turnId = 'a"\\%_\n'
      record(say('x', { turnId }), say('x', { turnId: 'a' }))
      expect(choose({ turnId })).to.deep.equal([1])
    })

    it('are no notes, and all that only look like one', () => {
      record(note(), likeNote(), say('"method":"share/forgotten"'))
      expect(choose({ turnId: 't1' })).to.deep.equal([2, 3])
    })
  })

  describe('with a text', () => {
    const text = 'grün "7"'

    const holders: readonly (readonly [where: string, event: NewEvent])[] = [
      ['as it is', say(`so: ${text}`)],
      ['in the JSON of a program', say(JSON.stringify({ text }))],
      ['in the name of an author', say('x', { by: { label: text, kind: 'ui', pid: 1 } })],
      ['in a piece of an answer', piece('a', `so: ${text}`)],
      ['in a note', note({ by: { label: text, kind: 'ui', pid: 1 } })],
    ]
    for (const [where, event] of holders) {
      it(`hold it ${where}`, () => {
        record(say('x'), event, say(text.toUpperCase()), note())
        expect(choose({ text })).to.deep.equal([2])
      })
    }

    it('are all pieces of an open answer that has it across them, and of no other', () => {
      record(piece('a', 'so: grü'), piece('b', 'grü'), say('x'), piece('a', 'n "'), piece('b', 'n'), piece('a', '7".'))
      expect(choose({ text })).to.deep.equal([1, 4, 6])
    })

    it('are found across pieces in the JSON that a program wrote', () => {
      record(piece('a', '{"text":"grün \\'), piece('a', '"7\\""}'))
      expect(choose({ text })).to.deep.equal([1, 2])
    })

    it('are each named once, upwards', () => {
      record(piece('a', 'gr'), piece('b', text), piece('a', `ün "7" ${text}`), say(text))
      expect(choose({ text })).to.deep.equal([1, 2, 3, 4])
    })

    it('are not stopped at by a piece in another form', () => {
      record(piece('a', null), piece('a', { deep: 1 }), newEvent('item/x/delta', { itemId: 'a' }), piece('a', text))
      expect(choose({ text })).to.include(4)
    })
  })
})
