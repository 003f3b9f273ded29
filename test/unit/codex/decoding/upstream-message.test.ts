/** Messages on the app-server's wire, told apart and kept readable. */
import { expect } from 'chai'
import { decodeNotification } from '../../../../src/codex/decoding/decode-notification.ts'
import { decodeMessage, encodeMessage } from '../../../../src/codex/decoding/upstream-message.ts'

describe('messages on the wire of the app-server', () => {
  it('are told apart by their members', () => {
    const ofItem = { threadId: null, turnId: null, itemId: 'i' }
    const texts = [
      '{"method":"thread/closed","params":{"threadId":"t"},"emittedAtMs":5}',
      '{"id":0,"method":"item/tool/call","params":{"itemId":"i"}}',
      '{"id":7,"result":null}',
      '{"id":"x","error":{"code":-32600,"message":"no","data":[1]}}',
    ]
    expect(texts.map(decodeMessage)).to.deep.equal([
      { kind: 'notification', notification: decodeNotification('thread/closed', { threadId: 't' }, 5) },
      { kind: 'request', request: { id: 0, method: 'item/tool/call', params: { itemId: 'i' }, ...ofItem } },
      { kind: 'result', id: 7, result: null },
      { kind: 'error', id: 'x', error: { code: -32600, message: 'no', data: [1] } },
    ])
  })

  it('are none when they are broken, no object, or neither question nor answer', () => {
    const texts = [
      '',
      '{',
      '[]',
      '1',
      'null',
      '{}',
      '{"id":1}',
      '{"result":1}',
      '{"id":1,"error":"no"}',
      '{"id":null,"result":1}',
    ]
    expect(texts.map(decodeMessage)).to.deep.equal(texts.map(() => undefined))
  })

  it('carry a time even from a server that sends none', () => {
    const before = Date.now()
    const message = decodeMessage('{"method":"x"}')
    expect(message?.kind === 'notification' && message.notification.emittedAtMs).to.be.within(before, Date.now())
  })

  it('are refused a hundred thousand levels deep, without running out of stack', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`)
    expect(() => encodeMessage({ params: deep })).to.throw('deeper than the 127 levels')
  })

  it('keep members named like those of every object', () => {
    const text = '{"params":{"__proto__":{"x":1},"constructor":2}}'
    expect(encodeMessage(JSON.parse(text))).to.equal(text)
  })

  it('may hold whole surrogate pairs and talk about half ones, but not hold one', () => {
    for (const fine of ['😀', '\\ud83d', '\\\\ud83d', 'ud83d', '\u2028']) {
      expect(JSON.parse(encodeMessage({ fine }))).to.deep.equal({ fine })
    }
    for (const half of ['\ud83d', 'a\udc00', '\\\ud83d', '\ude00\ud83d']) {
      expect(() => encodeMessage({ half }), JSON.stringify(half)).to.throw('surrogate')
      expect(() => encodeMessage({ [half]: 1 }), JSON.stringify(half)).to.throw('surrogate')
    }
  })
})
