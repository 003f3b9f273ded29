/** The error table and its way over the wire. */
import { expect } from 'chai'
import {
  asShareError,
  errorTable,
  fromWireError,
  isShareError,
  messageOf,
  ShareError,
  toWireError,
} from '../../../src/protocol/errors.ts'

describe('the error table', () => {
  it('has a code of its own for every name', () => {
    const codes = Object.values(errorTable).map(({ code }) => code)
    expect(new Set(codes).size).to.equal(codes.length)
  })

  it('keeps the exit codes that scripts rely on', () => {
    const exits = Object.fromEntries(Object.entries(errorTable).map(([name, { exit }]) => [name, exit]))
    expect(exits).to.deep.include({
      unexpected: 1,
      usage: 2,
      busy: 3,
      notFound: 4,
      unavailable: 5,
      connectionLost: 6,
      turnFailed: 7,
      turnInterrupted: 8,
      readOnly: 9,
      conflict: 9,
      denied: 9,
      timedOut: 10,
      cancelled: 130,
    })
  })

  it('recognizes an error by any of the names given, and no other error', () => {
    const busy = new ShareError('busy', 'a turn runs')
    const answers = [
      isShareError(busy, 'busy'),
      isShareError(busy, 'notFound', 'busy'),
      isShareError(busy, 'notFound'),
      isShareError(Object.assign(new Error('a turn runs'), { errorName: 'busy' }), 'busy'),
      isShareError(undefined, 'busy'),
    ]
    expect(answers).to.deep.equal([true, true, false, false, false])
  })

  it('has a text for everything that can be thrown', () => {
    expect([new Error('gone'), 'gone', null].map(messageOf)).to.deep.equal(['gone', 'gone', 'null'])
  })

  it('brings an error over the wire whole', () => {
    const sent = new ShareError('busy', 'a turn runs', { facts: { turnId: 't1', by: null }, hint: 'wait' })
    const { errorName, message, facts, hint } = fromWireError(JSON.parse(JSON.stringify(toWireError(sent))))
    expect({ errorName, message, facts, hint }).to.deep.equal({
      errorName: 'busy',
      message: 'a turn runs',
      facts: { turnId: 't1', by: null },
      hint: 'wait',
    })
  })

  it('indents what an error from the other side has on further lines', () => {
    const { message, hint } = fromWireError({ code: -32603, message: 'a\nError: b', data: { hint: 'c\nd' } })
    expect([message, hint]).to.deep.equal(['a\n  Error: b', 'c\n  d'])
  })

  it('never gives our advice on our own wire for what Codex refused', () => {
    for (const code of [-32600, -32601, -32602, -32603, -32700])
      expect(fromWireError({ code, message: 'Server is draining' }).hint).to.match(/^These are Codex’s own words/)
    const ours = fromWireError(toWireError(new ShareError('invalidRequest', 'no object')))
    expect(ours.hint).to.equal(errorTable.invalidRequest.hint)
    expect(fromWireError({ code: -32001, message: 'full' }).hint).to.equal(errorTable.overloaded.hint)
  })

  it('keeps the code of an error that is not ours, and the cause of what was thrown', () => {
    const upstream = fromWireError({ code: -32603, message: 'theirs' })
    expect([upstream.errorName, upstream.exitCode]).to.deep.equal(['unexpected', 1])
    expect(fromWireError({ code: -1, message: 'odd' }).facts).to.deep.equal({ code: -1 })
    const cause = new TypeError('oops')
    expect(asShareError(cause).cause).to.equal(cause)
  })
})
