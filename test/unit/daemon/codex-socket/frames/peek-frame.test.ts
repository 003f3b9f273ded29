/** Frames are told apart by their first and last bytes as they would be by parsing them. */
import { expect } from 'chai'
import { frameOf, messageIn, peekFrame, threadIdOf } from '../../../../../src/daemon/codex-socket/frames/peek-frame.ts'

const long = 'x'.repeat(1000)

describe('A frame of Codex’s wire', () => {
  const cases: readonly (readonly [string, string, object])[] = [
    [
      'a notification',
      '{"method":"turn/started","params":{"threadId":"t"}}',
      { kind: 'notification', method: 'turn/started', effectKind: 'turnStarted' },
    ],
    [
      'one without parameters',
      '{"method":"initialized"}',
      { kind: 'notification', method: 'initialized', effectKind: 'nothing' },
    ],
    [
      'one that is not known',
      '{"method":"new/thing","params":{}}',
      { kind: 'notification', method: 'new/thing', effectKind: 'nothing' },
    ],
    [
      'a request',
      '{"method":"a/b","id":7,"params":{}}',
      { kind: 'request', method: 'a/b', id: '7', effectKind: 'nothing' },
    ],
    [
      'one with a text for an id',
      '{"method":"a/b","id":"7\\"x","params":{}}',
      { kind: 'request', method: 'a/b', id: '"7\\"x"', effectKind: 'nothing' },
    ],
    ['a result', '{"id":-7,"result":{"method":"a/b"}}', { kind: 'reply', id: '-7' }],
    ['an error with its id in front', '{"id":"a","error":{"code":1}}', { kind: 'reply', id: '"a"' }],
    ['an error with its id behind', `{"error":{"code":1,"message":"${long}"},"id":3}`, { kind: 'reply', id: '3' }],
    ['a reply in another order', '{"result":{},"id":3}', { kind: 'reply', id: '3' }],
    [
      'a request in another order',
      '{"id":3,"method":"a/b"}',
      { kind: 'request', method: 'a/b', id: '3', effectKind: 'nothing' },
    ],
    [
      'a request with spaces',
      '{ "method" : "a/b", "id" : 3 }',
      { kind: 'request', method: 'a/b', id: '3', effectKind: 'nothing' },
    ],
    ['a method of another alphabet', '{"method":"ä"}', { kind: 'notification', method: 'ä', effectKind: 'nothing' }],
    ['no message', '{"a":1}', { kind: 'unknown' }],
    ['an id that is none', '{"id":null,"result":1}', { kind: 'unknown' }],
    ['no object', '[1]', { kind: 'unknown' }],
    ['no JSON', '{"meth', { kind: 'unknown' }],
  ]
  for (const [title, text, frame] of cases)
    it(`may be ${title}`, () => {
      const data = Buffer.from(text)
      expect(peekFrame(data)).to.deep.equal(frame)
      expect(frameOf(messageIn(data))).to.deep.equal(frame)
    })

  const threads: readonly (readonly [string, string, string | null])[] = [
    ['first', '{"method":"a/b","params":{"threadId":"t-1","x":1}}', 't-1'],
    ['first in a request', '{"method":"a/b","id":"q","params":{"threadId":"t-1"}}', 't-1'],
    ['later', `{"method":"a/b","params":{"delta":"${long}","threadId":"t-1"}}`, 't-1'],
    ['not there', '{"method":"a/b","params":{"delta":"\\"threadId\\":\\"t-1\\""}}', null],
    ['deeper down', '{"method":"a/b","params":{"x":{"threadId":"t-1"}}}', null],
  ]
  for (const [where, text, threadId] of threads)
    it(`is about the thread whose id is ${where}`, () => expect(threadIdOf(Buffer.from(text))).to.equal(threadId))
})
