/** Events cut out of frames without parsing. */
import { expect } from 'chai'
import { type EventFrame, EventFrameReader, eventLines } from '../../src/client/event-frames.ts'

const event = (id: number, threadId: string, more = '') =>
  `{"id":${id},"threadId":"${threadId}","turnId":null,"at":"2026-11-22T00:00:00.000Z","method":"warning","params":{"message":"ü}"},"by":null${more}}`
const frameOf = (json: string) => Buffer.from(`{"jsonrpc":"2.0","method":"share/event","params":${json}}`)

describe('The reader of event frames', () => {
  it('finds id, thread and the event itself', () => {
    const reader = new EventFrameReader()
    const frames = [event(1, 'a'), event(90071992, 'a'), event(3, 'ab'), event(4, 'a')].map((json) =>
      reader.read(frameOf(json)),
    )
    expect(frames.map((frame) => [frame?.id, frame?.threadId])).to.deep.equal([
      [1, 'a'],
      [90071992, 'a'],
      [3, 'ab'],
      [4, 'a'],
    ])
    expect(frames[1]?.parse()).to.deep.equal(JSON.parse(event(90071992, 'a')))
  })

  it('leaves every other frame to the parser', () => {
    const reader = new EventFrameReader()
    const others = [
      '{"jsonrpc":"2.0","id":1,"result":{}}',
      '{"jsonrpc":"2.0","method":"share/gap","params":{"threadId":"a"}}',
      '{"jsonrpc":"2.0","method":"share/event","params":{"threadId":"a","id":1}}',
      '{"jsonrpc":"2.0","method":"share/event","params":{"id":"1","threadId":"a"}}',
      '{"jsonrpc":"2.0","method":"share/event","params":{"id":1,"threadId":"a',
      '{"jsonrpc":"2.0","method":"share/event","params":',
      '',
    ]
    expect(others.map((frame) => reader.read(Buffer.from(frame)))).to.deep.equal(others.map(() => undefined))
  })

  it('refuses to take for an event what only begins like one', () => {
    const whole = JSON.parse(event(1, 'a'))
    for (const wrong of [{ turnId: 7 }, { at: null }, { method: 7 }, { params: [] }, { by: {} }, { by: 'ada' }]) {
      const frame = new EventFrameReader().read(frameOf(JSON.stringify({ ...whole, ...wrong })))
      expect(() => frame?.parse(), JSON.stringify(wrong)).to.throw(TypeError, 'not an event')
    }
  })

  it('joins the very bytes of events into lines', () => {
    const reader = new EventFrameReader()
    const texts = [event(1, 'a'), event(2, 'a', ',"new":"member"')]
    const frames = texts
      .map((json) => reader.read(frameOf(json)))
      .filter((frame): frame is EventFrame => frame !== undefined)
    expect(eventLines(frames).toString()).to.equal(`${texts.join('\n')}\n`)
    expect(eventLines([]).length).to.equal(0)
  })
})
