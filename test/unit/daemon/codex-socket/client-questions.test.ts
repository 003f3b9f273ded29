/** Which answers of a stock client's go to Codex. */
import { expect } from 'chai'
import { ClientQuestions } from '../../../../src/daemon/codex-socket/client-questions.ts'
import type { DaemonCore } from '../../../../src/daemon/core.ts'

const author = { label: 'codex p1', kind: 'codex', pid: 7 } as const
const params = { threadId: 't' }

describe('A question to a stock client', () => {
  let questions: ClientQuestions
  let answers: unknown[][]
  /** Whether this answer is the first. */
  let isFirst: boolean
  /** How many others could answer on `daemon.sock`, and how many stock clients have the thread open. */
  let [peers, guests] = [0, 1]

  beforeEach(() => {
    ;[answers, isFirst, peers, guests] = [[], true, 0, 1]
    const core = {
      approvals: {
        answerFromStock: (...given: unknown[]) => {
          answers.push(given)
          return isFirst
        },
      },
      peers: { followers: () => Array(peers).fill({ answers: true }).concat({ answers: false }), guests: () => guests },
    } as unknown as DaemonCore
    questions = new ClientQuestions({ core, author })
  })

  it('is answered once, with the client’s name', () => {
    questions.onRequest({ id: 7, method: 'm', params })
    expect(questions.onReply('7', { result: { decision: 'accept' } })).to.equal(true)
    expect(answers).to.deep.equal([['t', 7, { decision: 'accept' }, author]])
    expect(questions.onReply('7', { result: {} })).to.equal(false)
  })

  it('is not answered where somebody was faster', () => {
    isFirst = false
    questions.onRequest({ id: 'a', method: 'm', params })
    expect(questions.onReply('"a"', { result: {} })).to.equal(false)
  })

  it('is over once Codex says so, or the app-server that asked has gone', () => {
    for (const id of [1, 2]) questions.onRequest({ id, method: 'm', params })
    questions.onResolved(1)
    expect(questions.onReply('1', { result: {} })).to.equal(false)
    expect(questions.cancelAll()).to.deep.equal([{ requestId: 2, threadId: 't' }])
    expect([questions.onReply('2', { result: {} }), questions.cancelAll()]).to.deep.equal([false, []])
  })

  it('is the client’s own where it is about no thread', () => {
    questions.onRequest({ id: 1, method: 'm', params: {} })
    expect([questions.onReply('1', { error: {} }), questions.onReply('1', {}), answers]).to.deep.equal([
      true,
      false,
      [],
    ])
  })

  it('is none without an id', () => {
    questions.onRequest({ id: null, method: 'm', params })
    expect(questions.cancelAll()).to.deep.equal([])
  })

  const cannotShow: readonly (readonly [string, number, number, boolean])[] = [
    ['stays open while a peer can answer', 1, 1, false],
    ['stays open while another stock client can', 0, 2, false],
    ['is answered with nothing where nobody else is there', 0, 1, true],
  ]
  for (const [title, peersThere, guestsThere, isPassedOn] of cannotShow)
    it(`that the client cannot show ${title}`, () => {
      ;[peers, guests] = [peersThere, guestsThere]
      questions.onRequest({ id: 1, method: 'm', params })
      expect(questions.onReply('1', { error: { code: 1, message: 'unknown method' } })).to.equal(isPassedOn)
      // It may still be answered, where it stayed open.
      expect(questions.onReply('1', { result: {} })).to.equal(!isPassedOn)
    })
})
