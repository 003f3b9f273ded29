/** Frames out of a byte stream. */
import { expect } from 'chai'
import { LineFramer } from '../../../src/rpc/line-framer.ts'

function framed(chunks: readonly (string | Buffer)[], maxBytes = 100) {
  const seen: (string | number)[] = []
  const framer = new LineFramer({
    maxBytes,
    onFrame: (bytes, start, end) => seen.push(bytes.toString('utf8', start, end)),
    onOversize: (bytes) => seen.push(bytes),
  })
  for (const chunk of chunks) framer.push(Buffer.from(chunk))
  return { seen, unfinished: framer.unfinished }
}

describe('the line framer', () => {
  it('joins what comes in pieces and parts what comes at once', () => {
    expect(framed(['{"a"', ':1}\n{"b":2}\n{"c', '":3}', '\n'])).to.deep.equal({
      seen: ['{"a":1}', '{"b":2}', '{"c":3}'],
      unfinished: false,
    })
  })

  it('keeps a character whole that is cut by a chunk', () => {
    const bytes = Buffer.from('"日本"\n')
    expect(framed([bytes.subarray(0, 2), bytes.subarray(2, 5), bytes.subarray(5)]).seen).to.deep.equal(['"日本"'])
  })

  it('passes over empty lines', () => {
    expect(framed(['\n\n{}\n\n']).seen).to.deep.equal(['{}'])
  })

  it('tells of a frame that is too large once, skips it, and takes the next', () => {
    expect(framed(['x'.repeat(80), 'x'.repeat(80), 'x'.repeat(80), '\nok\n']).seen).to.deep.equal([160, 'ok'])
    expect(framed([`{}\n${'x'.repeat(101)}\n${'y'.repeat(100)}\n`]).seen).to.deep.equal(['{}', 101, 'y'.repeat(100)])
  })

  it('says whether a frame has begun and not ended', () => {
    expect([framed(['{}\n{']).unfinished, framed(['x'.repeat(200)]).unfinished]).to.deep.equal([true, true])
  })
})
