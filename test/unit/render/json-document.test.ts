/** A page of events as one document. */
import { expect } from 'chai'
import { createJsonDocument } from '../../../src/render/json-document.ts'
import { eventMaker } from '../../support/samples/event-maker.ts'

describe('A page as a JSON document', () => {
  it('comes at the end, whole, with nothing in it that moves a terminal', () => {
    const document = createJsonDocument({ threadId: 'thread-1', next: 2 })
    const events = [eventMaker().make('warning', { message: '\u001b[2J' }), eventMaker().turnStarted()]
    const gap = { threadId: 'thread-1', from: 1, to: 4, reason: 'pruned' } as const
    expect([document.renderGap(gap), ...events.map((event) => document.renderEvent(event))]).to.deep.equal(['', '', ''])
    const text = document.finish()
    expect(JSON.parse(text)).to.deep.equal({ threadId: 'thread-1', events, next: 2, gap })
    expect(text).to.match(/\}\n$/).and.not.include('\u001b')
  })

  it('has no gap where there is none', () => {
    expect(JSON.parse(createJsonDocument({ threadId: 't', next: null }).finish())).to.deep.equal({
      ...{ threadId: 't', events: [], next: null },
    })
  })
})
