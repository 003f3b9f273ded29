/** What a stock client may ask that is not simply a process of the user's own. */
import { EventEmitter } from 'node:events'
import { expect } from 'chai'
import type { WebSocket } from 'ws'
import { restrict, sendAway } from '../../../../../src/daemon/codex-socket/rules/restricted-client.ts'
import { clientRequest, ScriptedSession } from '../../../../support/sites/scripted-session.ts'

describe('A restricted stock client', () => {
  let stock: ScriptedSession
  beforeEach(() => {
    stock = new ScriptedSession()
    stock.identity = { kind: 'confined', pid: 7 }
    stock.shared.add('t')
    stock.slots.onTurnStarted('t', 'turn', 0)
  })

  const cases: readonly (readonly [string, string, object, object | 'refused'])[] = [
    ['introduces itself', 'initialize', { a: 1 }, { a: 1 }],
    ['reads', 'thread/list', { a: 1 }, { a: 1 }],
    ['posts', 'turn/start', { threadId: 't' }, { threadId: 't' }],
    [
      'follows a shared thread, and sets nothing',
      'thread/resume',
      { threadId: 't', model: 'm' },
      { threadId: 't', excludeTurns: true },
    ],
    [
      'follows one with its turns',
      'thread/resume',
      { threadId: 't', excludeTurns: false },
      { threadId: 't', excludeTurns: false },
    ],
    ['resumes no thread that is not shared', 'thread/resume', { threadId: 'u' }, 'refused'],
    ['starts none', 'thread/start', {}, 'refused'],
    ['ends no turn of another’s', 'turn/interrupt', { threadId: 't' }, 'refused'],
    ['runs no command', 'command/exec', {}, 'refused'],
    ['does nothing that every object has', 'toString', {}, 'refused'],
  ]
  for (const [title, method, params, passed] of cases)
    it(title, () => {
      const request = restrict(stock.session, clientRequest(method, params))
      if (passed === 'refused') {
        expect(request).to.equal(undefined)
        const message = `${method}: process 7 runs in Codex’s sandbox`
        expect(stock.log).to.deep.equal([['refuse', -32600, message]])
        return
      }
      expect(request?.params).to.deep.equal(passed)
      // What was judged is what Codex gets.
      expect(JSON.parse(String(request?.data))).to.deep.equal({ id: 1, method, params: passed })
    })

  it('ends its own turn', () => {
    const thread = stock.open('t')
    if (thread) thread.ownTurnId = 'turn'
    expect(restrict(stock.session, clientRequest('turn/interrupt', { threadId: 't' }))).to.have.property('method')
  })
})

describe('A stock client that may not even read', () => {
  it('is told why at its first request, and sent away', () => {
    const said: unknown[] = []
    const ws = Object.assign(new EventEmitter(), {
      send: (frame: string) => said.push(JSON.parse(frame)),
      close: (code: number) => said.push(code),
      terminate: () => {},
    })
    sendAway(ws as unknown as WebSocket, { kind: 'foreign', pid: null, uid: 5 })
    ws.emit('message', Buffer.from('{"id":"a","method":"initialize","params":{}}'))
    ws.emit('close')
    const message = 'refused: the daemon serves another user, not uid 5'
    expect(said).to.deep.equal([{ id: 'a', error: { code: -32600, message } }, 1008])
  })
})
