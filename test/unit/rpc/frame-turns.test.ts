/** One frame of a connection in each turn of the event loop, and nothing read while others wait. */
import { expect } from 'chai'
import { FrameTurns } from '../../../src/rpc/frame-turns.ts'

describe('The frames of a connection', () => {
  let done: string[]
  let turns: FrameTurns
  let nextTurn: () => void
  beforeEach(() => {
    done = []
    const due: (() => void)[] = []
    nextTurn = () => {
      for (const callback of due.splice(0)) callback()
    }
    turns = new FrameTurns({
      serve: (bytes, start, end) => done.push(bytes.toString('utf8', start, end)),
      onWaiting: (isWaiting) => done.push(isWaiting ? 'hold' : 'read on'),
      nextTurn: (callback) => due.push(callback),
    })
  })

  const push = (...frames: string[]) => {
    const bytes = Buffer.from(frames.join(''))
    let start = 0
    for (const { length } of frames) {
      turns.push(bytes, start, start + length)
      start += length
    }
  }

  it('are served at once where they come singly', () => {
    push('a')
    nextTurn()
    push('b')
    expect(done).to.deep.equal(['a', 'b'])
  })

  it('are served one in each turn, in order, and no more is read meanwhile', () => {
    push('a', 'b', 'c')
    expect(done).to.deep.equal(['a', 'hold'])
    nextTurn()
    expect(done).to.deep.equal(['a', 'hold', 'b'])
    nextTurn()
    nextTurn()
    expect(done).to.deep.equal(['a', 'hold', 'b', 'c', 'read on'])
  })

  it('wait while the connection is paused', () => {
    push('a', 'b')
    turns.pause()
    nextTurn()
    expect(done).to.deep.equal(['a', 'hold'])
    turns.resume()
    expect(done).to.deep.equal(['a', 'hold', 'b', 'read on'])
  })

  it('are forgotten when the connection has ended', () => {
    push('a', 'b')
    turns.clear()
    nextTurn()
    expect(done.filter((what) => what.length === 1)).to.deep.equal(['a'])
  })
})
