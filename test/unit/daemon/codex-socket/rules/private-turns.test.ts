/** What begins a turn in a private thread of an adopted session. */
import { expect } from 'chai'
import { onTurnBegin, onTurnStart } from '../../../../../src/daemon/codex-socket/rules/stock-turns.ts'
import { clientRequest, ScriptedSession } from '../../../../support/sites/scripted-session.ts'

const prompt = { threadId: 't', input: [] }

describe('A turn in a private thread', () => {
  let stock: ScriptedSession
  beforeEach(() => {
    stock = new ScriptedSession()
    stock.isAdopted = true
    stock.threads.add({ thread: { id: 't' } }, { isNew: false })
    stock.privateThreads.note('t', 'joined', stock.session)
    stock.gate = {
      submit: async () => {
        stock.log.push(['gate'])
        return { is: 'busy', active: { threadId: 't', turnId: 'x', startedAt: '', by: null, waitingOnApproval: false } }
      },
    }
  })
  const passed = () => stock.log.splice(0).map(([what, method]) => (what === 'pass' ? method : what))

  it('goes past the gate, and is known with its author when Codex has named it', async () => {
    await onTurnStart(stock.session, clientRequest('turn/start', { ...prompt, clientUserMessageId: 'u' }))
    expect(passed()).to.deep.equal(['turn/start'])
    stock.answer({ result: { turn: { id: 'x' } } })
    const { author } = stock.session
    expect(stock.privateThreads.turnIn('t')).to.deep.equal({ turnId: 'x', by: author })
    expect(stock.privateThreads.authorOf('t', 'u')).to.deep.equal(author)
    expect(stock.threads.get('t')?.ownTurnId).to.equal('x')
  })

  it('gets an id where the client gives none', async () => {
    await onTurnStart(stock.session, clientRequest('turn/start', prompt))
    const params = stock.log[0]?.[2]
    expect(params).to.have.property('clientUserMessageId').that.is.a('string')
  })

  it('waits while the thread is opened, and is then for the gate', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const opening = stock.privateThreads.whileOpening('t', () => promise)
    const taken = onTurnStart(stock.session, clientRequest('turn/start', prompt))
    await new Promise(setImmediate)
    expect(passed()).to.deep.equal([])
    stock.shared.add('t')
    resolve()
    await Promise.all([opening, taken])
    expect(passed()).to.include('gate')
  })

  it('keeps the thread from being opened until Codex has refused it', async () => {
    await onTurnBegin(stock.session, clientRequest('review/start', { threadId: 't' }), 'begins')
    let isOpened = false
    const opening = stock.privateThreads.whileOpening('t', async () => {
      isOpened = true
    })
    await new Promise(setImmediate)
    expect(isOpened).to.equal(false)
    stock.answer({ error: { code: 1, message: 'no' } })
    await opening
    expect(isOpened).to.equal(true)
  })

  it('that Codex does not name in its answer is waited for', async () => {
    await onTurnBegin(stock.session, clientRequest('thread/compact/start', { threadId: 't' }), 'begins')
    stock.answer({ result: {} })
    const opening = stock.privateThreads.whileOpening('t', async () => stock.privateThreads.turnIn('t')?.turnId)
    await new Promise(setImmediate)
    stock.privateThreads.onTurnStarted('t', 'compaction')
    expect(await opening).to.equal('compaction')
  })

  it('is the gate’s where all are to be shared, in a session on codex.sock, and in a thread that is shared', async () => {
    stock.isAdopted = false
    await onTurnStart(stock.session, clientRequest('turn/start', prompt))
    stock.isAdopted = true
    const { session } = stock
    const core = { ...session.core, settings: { ...session.core.settings, adoptShares: 'all' as const } }
    await onTurnStart({ ...session, core }, clientRequest('turn/start', prompt))
    stock.shared.add('t')
    await onTurnStart(stock.session, clientRequest('turn/start', prompt))
    expect(passed().filter((what) => what === 'gate')).to.have.length(3)
  })
})
