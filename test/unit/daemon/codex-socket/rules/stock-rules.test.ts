/** What each kind of request of a stock client's does, on a scripted session. */
import { expect } from 'chai'
import { stockRules } from '../../../../../src/daemon/codex-socket/rules/stock-rules.ts'
import { effectOf } from '../../../../../src/daemon/gate/method-effects.ts'
import type { Outcome } from '../../../../../src/daemon/gate/outcome.ts'
import type { Sender } from '../../../../../src/daemon/gate/sender.ts'
import { ShareError } from '../../../../../src/protocol/errors.ts'
import { clientRequest, ScriptedSession } from '../../../../support/sites/scripted-session.ts'

const ann = { label: 'ann', kind: 'ui', pid: 1 } as const
const asItCame = 'as it came'

describe('A request of a stock client', () => {
  let stock: ScriptedSession
  beforeEach(() => {
    stock = new ScriptedSession()
  })

  const ask = (method: string, params: object = {}) => {
    const effect = effectOf(method)
    if (!effect) throw new Error(`${method} has no effect`)
    return stockRules[effect](stock.session, clientRequest(method, params))
  }
  const taken = () => stock.log.splice(0)

  it('introduces the client by name, once by its hello', async () => {
    await ask('initialize', { clientInfo: { name: 'codex-tui' } })
    await ask('initialize', { clientInfo: { name: 'other' } })
    const { hello, author } = stock.introduction
    expect([hello?.params, author.label]).to.deep.equal([{ clientInfo: { name: 'codex-tui' } }, 'other p1'])
    expect(taken()).to.deep.equal(Array(2).fill(['pass', 'initialize', asItCame]))
  })

  it('starts a thread in the folder that was said first, or in the one it names', async () => {
    stock.identity = { kind: 'unknown', pid: null, reason: 'test' }
    await ask('thread/start', {})
    await ask('hooks/list', { cwds: ['relative'] })
    await ask('hooks/list', { cwds: ['/one'] })
    await ask('hooks/list', { cwds: ['/two'] })
    await ask('thread/start', { cwd: null, model: 'm' })
    await ask('thread/start', { cwd: '/three' })
    expect(taken().filter(([, method]) => method === 'thread/start')).to.deep.equal([
      ['pass', 'thread/start', asItCame],
      ['pass', 'thread/start', { cwd: '/one', model: 'm' }],
      ['pass', 'thread/start', asItCame],
    ])
  })

  for (const method of ['thread/start', 'thread/fork', 'thread/resume'])
    it(`opens the thread that ${method} is answered with`, async () => {
      stock.shared.add('t')
      stock.identity = { kind: 'unknown', pid: null, reason: 'test' }
      await ask(method, { threadId: 'u', cwd: '/' })
      stock.answer({ result: { thread: { id: 't', cwd: '/' } } })
      expect(taken().slice(1)).to.deep.equal([
        ['opened', 't'],
        ['joined', 't'],
        ['claim', 't'],
      ])
      expect(stock.threads.get('t')?.isUnstored).to.equal(method !== 'thread/resume')
    })

  it('says who it is to the next app-server where the link ends before the answer, unless it has left', async () => {
    await ask('initialize', { clientInfo: { name: 'codex-tui' } })
    for (const isOver of [false, true]) {
      taken()
      stock.isOver = isOver
      stock.lose()
      await new Promise(setImmediate)
      expect(taken().map(([what, method]) => `${what} ${method}`)).to.deep.equal(isOver ? [] : ['pass initialize'])
    }
    expect(stock.introduction.isAnswered).to.equal(false)
    stock.answer({ result: {} })
    expect(stock.introduction.isAnswered).to.equal(true)
  })

  it('opens nothing where Codex refuses, and shares nothing that is not shared', async () => {
    await ask('thread/fork', { threadId: 'u' })
    stock.answer({ error: { code: 1, message: 'no' } })
    await ask('thread/fork', { threadId: 'u' })
    stock.answer({ result: { thread: { id: 't' } } })
    expect(taken().filter(([what]) => what !== 'pass')).to.deep.equal([
      ['opened', 't'],
      ['joined', 't'],
    ])
  })

  const current = { approvalPolicy: 'on-request', sandbox: { type: 'readOnly' }, cwd: '/' }
  const wish = { threadId: 't', approvalPolicy: 'never' }

  it('does not loosen a shared thread by resuming it', async () => {
    stock.identity = { kind: 'confined', pid: 7 }
    await ask('thread/resume', wish)
    stock.shared.add('t')
    stock.threadSettings.onAnswer('t', current)
    await ask('thread/resume', wish)
    await ask('thread/resume', { threadId: 't' })
    const [before, warning, loose, plain] = taken()
    expect([before, loose, plain]).to.deep.equal([
      ['pass', 'thread/resume', asItCame],
      ['pass', 'thread/resume', { threadId: 't', approvalPolicy: null }],
      ['pass', 'thread/resume', asItCame],
    ])
    expect(warning).to.have.nested.property('[1].method', 'warning')
  })

  for (const method of ['thread/settings/update', 'turn/settings/update'])
    it(`does not loosen a shared thread by ${method}`, async () => {
      stock.identity = { kind: 'confined', pid: 7 }
      await ask(method, wish)
      stock.shared.add('t')
      stock.threadSettings.onAnswer('t', current)
      await ask(method, { threadId: 't', model: 'm' })
      await ask(method, wish)
      const [before, other, refused] = taken()
      expect([before, other]).to.deep.equal(Array(2).fill(['pass', method, asItCame]))
      expect(refused?.slice(0, 2)).to.deep.equal(['refuse', -32600])
    })

  it('closes the thread once Codex has answered', async () => {
    stock.open('t')
    await ask('thread/unsubscribe', { threadId: 't' })
    expect([taken(), stock.isOurs]).to.deep.equal([[['pass', 'thread/unsubscribe', asItCame]], false])
    stock.answer({ result: { status: 'unsubscribed' } })
    expect(taken()).to.deep.equal([
      ['closed', 't'],
      ['left', 't'],
    ])
    expect(stock.threads.list()).to.deep.equal([])
  })

  it('closes a thread that the shared link sends with an answer of the daemon’s own', async () => {
    stock.isOwn = false
    stock.open('t')
    await ask('thread/unsubscribe', { threadId: 't' })
    expect(stock.isOurs).to.equal(true)
    stock.lose()
    stock.answer({ result: { status: 'notSubscribed' } })
    expect(taken().slice(1)).to.deep.equal([
      ['refuse', -32001, 'The Codex app-server is being restarted; try again.'],
      ...[
        ['closed', 't'],
        ['left', 't'],
        ['reply', { status: 'unsubscribed' }],
      ],
    ])
  })

  it('archives a thread as it came', async () => {
    await ask('thread/archive', { threadId: 't' })
    expect(taken()).to.deep.equal([['pass', 'thread/archive', asItCame]])
  })

  it('leaves the queue of a thread that is not shared to Codex', async () => {
    await ask('thread/queue/list', { threadId: 't' })
    expect(taken()).to.deep.equal([['pass', 'thread/queue/list', asItCame]])
  })

  it('steers, reverts and interrupts one’s own turn alone', async () => {
    stock.shared.add('t')
    const thread = stock.open('t')
    stock.slots.onTurnStarted('t', 'turn', 0, ann)
    const all = ['turn/steer', 'thread/revert', 'turn/interrupt']
    for (const method of all) await ask(method, { threadId: 't' })
    expect(taken().map((entry) => entry.slice(0, 2))).to.deep.equal([
      ...[
        ['refuse', -32600],
        ['refuse', -32600],
      ],
      // A person’s own client may end any turn; one that may only post was judged before.
      ...[
        ['interruptedBy', 't'],
        ['pass', 'turn/interrupt'],
      ],
    ])
    if (thread) thread.ownTurnId = 'turn'
    for (const method of all) await ask(method, { threadId: 't' })
    expect(taken().map((entry) => entry.slice(0, 2))).to.deep.equal([
      ['pass', 'turn/steer'],
      ...[
        ['interruptedBy', 't'],
        ['revertedBy', 't'],
        ['pass', 'thread/revert'],
      ],
      ...[
        ['interruptedBy', 't'],
        ['pass', 'turn/interrupt'],
      ],
    ])
  })

  it('does what it likes in a helper of its own', async () => {
    stock.open('h', { isHelper: true })
    for (const method of ['turn/start', 'review/start', 'turn/steer']) await ask(method, { threadId: 'h' })
    expect(taken().map(([what]) => what)).to.deep.equal(['pass', 'pass', 'pass'])
  })

  it('begins other turns in a thread that nobody shares without the gate', async () => {
    for (const method of ['review/start', 'thread/compact/start', 'thread/shellCommand'])
      await ask(method, { threadId: 't' })
    expect(taken().map(([what]) => what)).to.deep.equal(['pass', 'pass', 'pass'])
  })
})

describe('A prompt of a stock client', () => {
  let stock: ScriptedSession
  /** What the gate is asked to send by, and how it is told what became of it. */
  let link: Sender
  let decide: (outcome: Outcome<never>) => void
  let isNextTaken: boolean
  const prompt = { threadId: 't', input: [] }

  beforeEach(() => {
    stock = new ScriptedSession()
    stock.shared.add('t')
    isNextTaken = false
    const toGate = (_asked: unknown, _submitter: unknown, sender?: Sender) => {
      if (sender) link = sender
      return new Promise<Outcome<never>>((resolve) => {
        decide = resolve
      })
    }
    stock.gate = { submit: toGate as never, begin: toGate as never }
  })

  const ask = (effect: 'prompts' | 'begins' | 'beginsOrJoins') => {
    const method = { prompts: 'turn/start', begins: 'review/start', beginsOrJoins: 'thread/shellCommand' }[effect]
    const rule = Promise.resolve(stockRules[effect](stock.session, clientRequest(method, prompt)))
    return rule.then(() => {
      isNextTaken = true
    })
  }
  const settled = () => new Promise(setImmediate)
  const active = { threadId: 't', turnId: 'x', startedAt: 'then', by: ann, waitingOnApproval: false }

  it('lets the next message be taken once it is on its way', async () => {
    const rule = ask('prompts')
    await settled()
    expect(isNextTaken).to.equal(false)
    void link.send('turn/start', { ...prompt, clientUserMessageId: 'r' }, undefined)
    await rule
    expect(stock.log).to.deep.equal([['pass', 'turn/start', { ...prompt, clientUserMessageId: 'r' }]])
  })

  it('goes on byte for byte where nothing was added', async () => {
    const rule = ask('prompts')
    void link.send('turn/start', prompt, undefined)
    await rule
    expect(stock.log).to.deep.equal([['pass', 'turn/start', asItCame]])
  })

  it('says what Codex answered, refused, or did not say any more', async () => {
    void ask('prompts')
    const send = () => link.send('turn/start', prompt, undefined)
    const sent = [send()]
    stock.answer({ result: { turn: { id: 'x' } } })
    sent.push(send())
    stock.answer({ error: { code: -5, message: 'no' } })
    sent.push(send())
    stock.lose()
    const [answered, refused, lost] = await Promise.all(sent)
    expect(answered).to.deep.equal({ is: 'answered', result: { turn: { id: 'x' } } })
    expect(refused).to.have.nested.property('error.code', -5)
    expect(lost).to.have.nested.property('error.facts.sent', true)
  })

  it('answers the client where Codex has not, and nowhere else', async () => {
    const turn = { id: 'x', status: 'inProgress' }
    const takenHere = { is: 'taken', value: { turn, turnId: 'x' } } as unknown as Outcome<never>
    const cases: readonly (readonly [Outcome<never>, string])[] = [
      [takenHere, 'reply'],
      [{ is: 'busy', active }, 'refuse'],
      [{ is: 'refused', error: new ShareError('unavailable', 'no') }, 'refuse'],
      [{ is: 'unknown', error: new Error('who knows') }, 'refuse'],
    ]
    for (const [outcome, answer] of cases) {
      const rule = ask('prompts')
      decide(outcome)
      await rule
      const unsent = stock.log.splice(0).map(([what]) => what)
      void ask('prompts')
      void link.send('turn/start', prompt, undefined)
      stock.answer({ result: {} })
      decide(outcome)
      await settled()
      const sent = stock.log.splice(0).map(([what]) => what)
      expect([unsent, sent], outcome.is).to.deep.equal([[answer], ['pass']])
    }
  })

  for (const effect of ['prompts', 'begins', 'beginsOrJoins'] as const)
    it(`remembers as its own the turn of what ${effect}`, async () => {
      const thread = stock.open('t')
      const rule = ask(effect)
      decide({ is: 'taken', value: { turn: { id: 'x' }, turnId: 'x' } } as unknown as Outcome<never>)
      await rule
      expect(thread?.ownTurnId).to.equal('x')
    })

  it('names a thread that Codex has not stored', async () => {
    stock.open('t', { isNew: true })
    void ask('prompts')
    expect(link.unstored).to.deep.equal({ id: 't', name: null, cwd: '/', preview: '' })
  })
})
