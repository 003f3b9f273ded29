/** Turns on a stock client's link: which go to the gate, and what the client gets where Codex does not answer. */
import { expect } from 'chai'
import {
  onThreadRevert,
  onTurnBegin,
  onTurnInterrupt,
  onTurnStart,
  onTurnSteer,
} from '../../../../../src/daemon/codex-socket/rules/stock-turns.ts'
import type { Outcome } from '../../../../../src/daemon/gate/outcome.ts'
import type { Sender } from '../../../../../src/daemon/gate/sender.ts'
import { clientRequest, ScriptedSession } from '../../../../support/sites/scripted-session.ts'

const prompt = { threadId: 't', input: [] }
const active = { threadId: 't', turnId: 'x', startedAt: 'then', by: null, waitingOnApproval: false }
const busy: Outcome<never> = { is: 'busy', active }

let stock: ScriptedSession
beforeEach(() => {
  stock = new ScriptedSession()
  stock.shared.add('t')
})

const steps = () => stock.log.splice(0).map((entry) => entry.slice(0, 2))

/** The gate lets the request through where Codex `answers` it, and comes to this outcome. */
function gateComesTo(outcome: Outcome<unknown>, { answers = false } = {}): void {
  const toGate = async (_asked: unknown, _submitter: unknown, sender?: Sender) => {
    if (!answers) return outcome
    const sent = sender?.send('turn/start', prompt, undefined)
    stock.answer({ result: {} })
    await sent
    return outcome
  }
  stock.gate = { submit: toGate as never, begin: toGate as never }
}

const start = (session = stock.session) => onTurnStart(session, clientRequest('turn/start', prompt))
const review = (session = stock.session) => onTurnBegin(session, clientRequest('review/start', prompt), 'begins')
const started: Outcome<unknown> = { is: 'taken', value: { turn: { id: 'x', status: 'completed' }, turnId: 'x' } }

describe('A turn that a stock client starts', () => {
  it('is its own from then on', async () => {
    for (const begin of [start, review]) {
      const thread = stock.open('t')
      gateComesTo(started, { answers: true })
      await begin()
      await new Promise(setImmediate)
      expect(thread?.ownTurnId).to.equal('x')
      stock.threads.remove('t')
    }
  })

  it('keeps the turn that was its own where another is refused', async () => {
    const thread = stock.open('t')
    if (thread) thread.ownTurnId = 'before'
    gateComesTo(busy)
    for (const begin of [start, review]) await begin()
    expect(thread?.ownTurnId).to.equal('before')
  })

  it('is answered as Codex would, where the prompt had been submitted before', async () => {
    gateComesTo(started)
    await start()
    const turn = {
      ...{ id: 'x', rootTurnId: 'x', status: 'completed', items: [], itemsView: 'notLoaded', error: null },
      ...{ startedAt: null, completedAt: null, durationMs: null },
    }
    expect(stock.log).to.deep.equal([['reply', { turn }]])
  })

  it('has Codex’s own answer alone where there is one', async () => {
    for (const outcome of [started, busy]) {
      gateComesTo(outcome, { answers: true })
      await start()
      await new Promise(setImmediate)
      expect(steps().map(([what]) => what)).to.deep.equal(['pass'])
    }
  })

  it('comes back to the composer as a prompt, and is kept for later as anything else, while a turn runs', async () => {
    const refused: boolean[] = []
    gateComesTo(busy)
    const { session } = stock
    const refuse = (_request: unknown, error: object) => void refused.push('data' in error)
    for (const begin of [start, review]) await begin({ ...session, client: { ...session.client, refuse } })
    expect(refused).to.deep.equal([false, true])
  })

  it('ends the connection where the gate throws, and nothing else', async () => {
    stock.gate = { submit: (async () => Promise.reject(new Error('broken'))) as never }
    await start()
    expect(stock.log).to.deep.equal([['failed', 'Error: broken']])
  })

  it('needs no gate in a helper, nor as another turn in a thread that is not shared', async () => {
    stock.open('t', { isHelper: true })
    for (const begin of [start, review]) await begin()
    stock.threads.remove('t')
    stock.shared.clear()
    await review()
    expect(steps().map(([what]) => what)).to.deep.equal(['pass', 'pass', 'pass'])
  })

  it('goes to the gate as a prompt in a thread that is not shared yet', async () => {
    stock.shared.clear()
    gateComesTo(busy)
    await start()
    expect(steps().map(([what]) => what)).to.deep.equal(['refuse'])
  })
})

describe('What a stock client does to a turn', () => {
  const rules = { steer: onTurnSteer, revert: onThreadRevert, interrupt: onTurnInterrupt }
  const runs: readonly {
    readonly title: string
    readonly turn?: { readonly id: string; readonly bySameName?: boolean }
    readonly isHelper?: boolean
    readonly isShared?: boolean
    readonly gives: Readonly<Record<keyof typeof rules, readonly string[]>>
  }[] = [
    {
      title: 'is done to its own',
      turn: { id: 'mine' },
      gives: {
        steer: ['pass'],
        revert: ['interruptedBy', 'revertedBy', 'pass'],
        interrupt: ['interruptedBy', 'pass'],
      },
    },
    {
      title: 'is not done to another’s, ending it aside',
      turn: { id: 'other' },
      gives: { steer: ['refuse'], revert: ['refuse'], interrupt: ['interruptedBy', 'pass'] },
    },
    {
      title: 'goes by the turn where the name is the same',
      turn: { id: 'other', bySameName: true },
      gives: { steer: ['refuse'], revert: ['refuse'], interrupt: ['interruptedBy', 'pass'] },
    },
    {
      title: 'is Codex’s to refuse where none runs',
      gives: { steer: ['pass'], revert: ['revertedBy', 'pass'], interrupt: ['interruptedBy', 'pass'] },
    },
    {
      title: 'is recorded nowhere of a thread that is not shared',
      isShared: false,
      gives: { steer: ['pass'], revert: ['pass'], interrupt: ['pass'] },
    },
    {
      title: 'is not judged in a helper',
      turn: { id: 'other' },
      isShared: false,
      isHelper: true,
      gives: { steer: ['pass'], revert: ['pass'], interrupt: ['pass'] },
    },
  ]
  for (const { title, turn, isHelper = false, isShared = true, gives } of runs)
    it(title, async () => {
      if (!isShared) stock.shared.clear()
      const thread = stock.open('t', { isHelper })
      if (thread) thread.ownTurnId = 'mine'
      const by = turn?.bySameName ? stock.introduction.author : null
      if (turn) stock.slots.onTurnStarted('t', turn.id, 0, by)
      for (const what of ['steer', 'revert', 'interrupt'] as const) {
        await rules[what](stock.session, clientRequest(what, { threadId: 't' }))
        expect(steps().map(([step]) => step)).to.deep.equal(gives[what], what)
      }
    })
})
