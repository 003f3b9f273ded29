/** Events cut out of frames without parsing. */
import { expect } from 'chai'
import { type EventFrame, EventFrameReader, EventLines } from '../../../../src/client/connection/event-frames.ts'

const event = (id: number, threadId: string, more = '') =>
  `{"id":${id},"threadId":"${threadId}","turnId":null,"at":"2026-11-22T00:00:00.000Z","method":"warning","params":{"message":"ü}"},"by":null${more}}`
const frameOf = (json: string) => `{"jsonrpc":"2.0","method":"share/event","params":${json}}`

/** Reads frames as they come: one behind the other in the same bytes. */
function read(reader: EventFrameReader, frames: readonly string[]): (EventFrame | undefined)[] {
  const bytes = Buffer.from(frames.map((frame) => `${frame}\n`).join(''))
  let start = 0
  return frames.map((frame) => {
    const end = start + Buffer.byteLength(frame)
    const event = reader.read(bytes, start, end)
    start = end + 1
    return event
  })
}

describe('The reader of event frames', () => {
  it('finds id, thread and the event itself', () => {
    const reader = new EventFrameReader()
    const texts = [event(1, 'a'), event(90071992, 'a'), event(3, 'ab'), event(4, 'a')]
    const frames = read(reader, texts.map(frameOf))
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
    expect(read(reader, [...others, frameOf(event(1, 'a'))]).map((frame) => frame?.id)).to.deep.equal([
      ...others.map(() => undefined),
      1,
    ])
  })

  it('refuses to take for an event what only begins like one', () => {
    const whole = JSON.parse(event(1, 'a'))
    for (const wrong of [{ turnId: 7 }, { at: null }, { method: 7 }, { params: [] }, { by: {} }, { by: 'ada' }]) {
      const [frame] = read(new EventFrameReader(), [frameOf(JSON.stringify({ ...whole, ...wrong }))])
      expect(() => frame?.parse(), JSON.stringify(wrong)).to.throw(TypeError, 'not an event')
    }
  })

  it('joins the very bytes of events into lines', () => {
    const reader = new EventFrameReader()
    const texts = [event(1, 'a'), event(2, 'a', ',"new":"member"')]
    const frames = read(reader, texts.map(frameOf)).filter((frame) => frame !== undefined)
    const lines = new EventLines()
    expect(lines.of(frames).toString()).to.equal(`${texts.join('\n')}\n`)
    expect(lines.of([]).length).to.equal(0)
    expect(lines.of(frames.slice(1)).toString()).to.equal(`${texts[1]}\n`)
  })
})
