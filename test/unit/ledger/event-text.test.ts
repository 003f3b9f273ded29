/** How an event is written down. */
import { expect } from 'chai'
import { eventBody, eventJson, eventLine, linePieces } from '../../../src/ledger/event-text.ts'
import { newEvent } from '../../support/ledger-of-each-test.ts'

describe('The text of an event', () => {
  const by = { label: 'ci', kind: 'script', pid: 7 }
  const event = newEvent('warning', { threadId: 'a "b"', turnId: null, atMs: 1500, params: { text: 'ü\n' }, by })

  it('is the JSON that peers get, with its time in RFC 3339', () => {
    expect(JSON.parse(eventJson(3, event.threadId, eventBody(event)))).to.deep.equal({
      ...{ id: 3, threadId: 'a "b"', turnId: null, at: '1970-01-01T00:00:01.500Z' },
      ...{ method: 'warning', params: { text: 'ü\n' }, by },
    })
  })

  it('is the same line from its JSON as from its pieces', () => {
    const form = { before: '{"event":', after: '}\n' }
    const { beforeId, afterId, end } = linePieces(event.threadId, form)
    const line = eventLine(eventJson(3, event.threadId, eventBody(event)), form)
    expect(`${beforeId}3${afterId}${eventBody(event)}${end}`).to.equal(line)
    expect(JSON.parse(line).event.id).to.equal(3)
  })
})
