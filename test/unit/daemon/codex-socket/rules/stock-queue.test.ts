/** Whose a stock client's `thread/queue/*` is: the daemon's or Codex's. */
import { expect } from 'chai'
import { answerStockQueue } from '../../../../../src/daemon/codex-socket/rules/stock-queue.ts'
import type { DaemonCore } from '../../../../../src/daemon/core.ts'
import type { PeerIdentity } from '../../../../../src/daemon/peers/peer-identity.ts'
import { clientRequest, ScriptedSession } from '../../../../support/sites/scripted-session.ts'

const own = { kind: 'own', pid: 7 } as const
const confined = { kind: 'confined', pid: 7 } as const
const [list, add] = ['thread/queue/list', 'thread/queue/add']

describe('A queue request of a stock client', () => {
  let stock: ScriptedSession
  beforeEach(() => {
    stock = new ScriptedSession()
  })

  /** A queue that holds nothing yet. */
  const ask = async (method: string, params: object = { threadId: 't', cursor: null, limit: null }) => {
    const { session } = stock
    const row = { id: 'q1', clientId: 'c', input: [], metadata: null, by: session.author, atMs: 0, failure: null }
    const core = {
      ...session.core,
      directory: {
        ...session.core.directory,
        ensureShared: async (threadId: string) => void stock.log.push(['share', threadId]),
      },
      threadSync: { isFollowed: () => true },
      queues: { list: () => [], add: () => row },
      queueDrain: { look: () => {} },
    } as unknown as DaemonCore
    answerStockQueue({ ...session, core }, clientRequest(method, params))
    await new Promise(setImmediate)
    return stock.log.splice(0).map(([what]) => what)
  }

  const cases: readonly {
    readonly title: string
    readonly method?: string
    readonly identity?: PeerIdentity
    readonly isShared?: boolean
    readonly isHelper?: boolean
    readonly does: string
  }[] = [
    { title: 'is Codex’s of a thread that is not shared', does: 'pass' },
    { title: 'is the daemon’s of a shared one', isShared: true, does: 'reply' },
    { title: 'is Codex’s in a helper of the client’s', isShared: true, isHelper: true, does: 'pass' },
    {
      title: 'is Codex’s where the daemon has no such method',
      method: 'thread/queue/new',
      isShared: true,
      does: 'pass',
    },
    { title: 'never passes for a restricted client', identity: confined, does: 'refuse' },
    { title: 'never passes for it to a helper either', identity: confined, isHelper: true, does: 'refuse' },
    { title: 'is the daemon’s for it in a shared thread', identity: confined, isShared: true, does: 'reply' },
  ]
  for (const { title, method = list, identity = own, isShared, isHelper, does } of cases)
    it(title, async () => {
      stock.identity = identity
      if (isShared) stock.shared.add('t')
      if (isHelper) stock.open('t', { isHelper })
      expect(await ask(method)).to.deep.equal([does])
    })

  it('shares a thread that a restricted client adds to', async () => {
    stock.identity = confined
    const prompt = { threadId: 't', input: [{ type: 'text', text: 'hi' }], clientUserMessageId: 'c' }
    expect(await ask(add, prompt)).to.deep.equal(['share', 'reply'])
  })

  it('is refused in a form that the client knows', async () => {
    stock.shared.add('t')
    const { session } = stock
    answerStockQueue(session, clientRequest(list, { threadId: 't', limit: 'many' }))
    await new Promise(setImmediate)
    expect(stock.log).to.have.length(1).and.to.have.nested.property('[0][1]', -32600)
  })
})
