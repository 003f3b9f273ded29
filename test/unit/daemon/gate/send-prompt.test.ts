/** What becomes of a prompt by what becomes of its request, and what is left of it in the slot and the request book. */
import { expect } from 'chai'
import type { GateDeps } from '../../../../src/daemon/gate/gate-deps.ts'
import { describeTurn, SendPrompt } from '../../../../src/daemon/gate/send-prompt.ts'
import type { Sender, Sent } from '../../../../src/daemon/gate/sender.ts'
import { TurnSlots } from '../../../../src/daemon/slots/turn-slots.ts'
import { ShareError } from '../../../../src/protocol/errors.ts'

const threadId = 'a'
const ann = { label: 'ann', kind: 'ui', pid: 1 } as const
const input = [{ type: 'text', text: 'hi' }]
const request = { requestId: 'r', content: 'digest', input, by: ann }
const error = new ShareError('unavailable', 'no')
const started: Sent = { is: 'answered', result: { turn: { id: 'x', status: 'inProgress' } } }

describe('Sending a prompt', () => {
  let slots: TurnSlots
  /** In order: what was done on the way. */
  let log: string[]
  let sentParams: object | undefined
  /** What the request book has of the prompt: nothing, that it is on its way, or its turn. */
  let book: { turnId: string | null } | undefined
  /** What becomes of each request to Codex. */
  let answers: Sent[]
  /** What catching up with the thread again finds. */
  let onReattach: () => void
  /** Why the turn cannot be recorded. */
  let problem: string | null
  let isWritable: boolean
  let turns: Map<string, { firstId: number; status: string }>

  beforeEach(() => {
    ;[slots, log, sentParams, book, answers] = [new TurnSlots(), [], undefined, undefined, [started]]
    ;[onReattach, problem, isWritable, turns] = [() => {}, null, true, new Map()]
  })

  const deps = () =>
    ({
      slots,
      requests: {
        find: () => book,
        remember: () => {
          if (!isWritable) throw error
          log.push('remember')
          book = { turnId: null }
        },
        fulfil: (_: string, __: string, turnId: string) => {
          book = { turnId }
          return problem
        },
        forget: () => {
          book = undefined
        },
        unknownOutcome: () => error,
      },
      directory: {
        claim: async () => {
          log.push('claim')
          return {}
        },
        stillClaimed: async (_: string, link: object) => {
          log.push('still claimed')
          return link
        },
        unshareUnused: () => log.push('unshare'),
      },
      gateway: {
        requireAbleToRun: () => {},
        onAnyLink: (work: (link: object) => unknown) => work({}),
      },
      threadSettings: {
        loosening: (_: string, asked: object) => ('sandbox' in asked ? ['sandbox'] : []),
        expect: () => log.push('expect'),
      },
      threadSync: { reattach: async () => onReattach(), noteUnloaded: () => true },
      ledger: { events: { head: () => 4 }, turns: { get: (_: string, turnId: string) => turns.get(turnId) } },
      recorder: { flush: () => {} },
    }) as unknown as GateDeps

  const send = (sender: Partial<Sender> = {}, more: object = {}) => {
    const link: Sender = {
      isGuest: false,
      unstored: undefined,
      untilLinked: async () => {},
      send: async (method, params) => {
        log.push(method)
        sentParams = params
        return answers.shift() ?? started
      },
      ...sender,
    }
    const prompt = {
      params: { threadId, input, ...more },
      request,
      submitter: { author: ann, identity: { kind: 'confined', pid: 1 }, onLeftOut: () => log.push('left out') },
      sender: link,
    } as const
    return new SendPrompt(deps()).send(prompt).catch((thrown: unknown) => ({ is: 'thrown' as const, error: thrown }))
  }
  const left = () => ({ slot: slots.active(threadId)?.turnId, book: book?.turnId })
  const [nothing, theTurn] = [
    { slot: undefined, book: undefined },
    { slot: 'x', book: 'x' },
  ]
  const turn = { id: 'x', status: 'inProgress' }

  it('follows the thread first, and remembers the request before it is sent', async () => {
    expect(await send()).to.deep.equal({ is: 'taken', value: { turn, share: { duplicate: false, after: 4 } } })
    expect(log).to.deep.equal(['claim', 'still claimed', 'remember', 'expect', 'turn/start'])
    expect([left(), slots.active(threadId)?.by]).to.deep.equal([theTurn, ann])
  })

  it('gives Codex the id of the request, and nothing that is ours', async () => {
    await send({}, { share: { any: true }, model: 'm' })
    expect(sentParams).to.deep.equal({ threadId, input, model: 'm', clientUserMessageId: 'r' })
  })

  it('leaves out what would loosen the thread for others, where there can be others', async () => {
    await send({}, { sandbox: 'loose' })
    expect(sentParams).to.include({ sandbox: null })
    expect(log).to.include('left out')
    slots.onTurnEnded(threadId, 'x')
    book = undefined
    await send({ unstored: { id: threadId, name: null, cwd: '/', preview: '' } }, { sandbox: 'loose' })
    expect(sentParams).to.include({ sandbox: 'loose' })
  })

  it('follows no thread that Codex has not stored', async () => {
    await send({ unstored: { id: threadId, name: null, cwd: '/', preview: '' } })
    expect(log).to.deep.equal(['remember', 'expect', 'turn/start'])
  })

  it('sends nothing while another turn runs', async () => {
    slots.onTurnStarted(threadId, 'other', 0)
    expect(await send())
      .to.deep.include({ is: 'busy' })
      .and.to.have.nested.property('active.turnId', 'other')
    expect([log, left()]).to.deep.equal([['claim', 'still claimed'], { slot: 'other', book: undefined }])
  })

  it('sends nothing where following the thread shows that its turn is there already', async () => {
    book = { turnId: 'x' }
    turns.set('x', { firstId: 3, status: 'completed' })
    const value = { turn: { id: 'x', status: 'completed' }, share: { duplicate: true, after: 2 } }
    expect(await send()).to.deep.equal({ is: 'taken', value })
    expect(log).to.deep.equal(['claim'])
  })

  for (const [isGuest, is] of [
    [false, 'unknown'],
    [true, 'taken'],
  ] as const)
    it(`is ${is} where its turn cannot be recorded, ${isGuest ? 'as a stock client sees the turn itself' : 'as nobody would see it'}`, async () => {
      problem = 'the disk is full'
      expect(await send({ isGuest })).to.include({ is })
    })

  const lost: Sent = {
    is: 'lost',
    error: new ShareError('connectionLost', 'the link ended', { facts: { sent: true } }),
  }
  const ends: readonly {
    readonly title: string
    readonly sent: Sent
    readonly found?: string | Error
    readonly is: string
    readonly sure?: object
    readonly leaves: object
  }[] = [
    {
      title: 'is refused by Codex',
      sent: { is: 'refused', error, isUnloaded: false },
      is: 'refused',
      leaves: nothing,
    },
    {
      title: 'may be sent on the next link where it was not sent',
      sent: { is: 'unsent', error },
      is: 'thrown',
      leaves: nothing,
    },
    { title: 'is found in the thread where the answer is lost', sent: lost, found: 'x', is: 'taken', leaves: theTurn },
    {
      title: 'is found in the thread where the answer names no turn',
      sent: { is: 'answered', result: {} },
      found: 'x',
      is: 'taken',
      leaves: theTurn,
    },
    {
      title: 'is known not to have arrived where the thread has it not',
      sent: lost,
      is: 'refused',
      sure: { sent: false },
      leaves: nothing,
    },
    {
      title: 'stays remembered where the thread cannot be read, and frees the slot',
      sent: lost,
      found: new Error('away'),
      is: 'unknown',
      sure: { sent: true },
      leaves: { slot: undefined, book: null },
    },
  ]
  for (const { title, sent, found, is, sure, leaves } of ends)
    it(title, async () => {
      answers = [sent]
      onReattach = () => {
        if (found instanceof Error) throw found
        if (found === undefined) return
        book = { turnId: found }
        slots.onNamed(threadId, 'r', found)
      }
      const outcome = await send()
      expect(outcome).to.include({ is })
      if (sure) expect(outcome).to.have.property('error').that.has.property('facts').that.includes(sure)
      expect(left()).to.deep.equal(leaves)
    })

  it('loads a thread that Codex had put away, once, and sends it again', async () => {
    const unloaded: Sent = { is: 'refused', error, isUnloaded: true }
    answers = [unloaded, started]
    expect(await send()).to.include({ is: 'taken' })
    expect(log.filter((step) => step === 'claim')).to.have.length(2)
    slots.onTurnEnded(threadId, 'x')
    ;[book, answers, log] = [undefined, [unloaded, unloaded, started], []]
    expect(await send()).to.deep.equal({ is: 'refused', error })
    expect([log.filter((step) => step === 'turn/start').length, left()]).to.deep.equal([2, nothing])
  })

  it('does not share an unstored thread that its first prompt did not start', async () => {
    answers = [{ is: 'refused', error, isUnloaded: false }]
    await send({ unstored: { id: threadId, name: null, cwd: '/', preview: '' } })
    expect(log.at(-1)).to.equal('unshare')
  })

  it('sends nothing that cannot be remembered', async () => {
    isWritable = false
    expect(await send()).to.deep.equal({ is: 'thrown', error })
    expect([log.includes('turn/start'), left()]).to.deep.equal([false, nothing])
  })

  it('describes a turn that the ledger has nothing of yet from its end on', () => {
    const value = { turn: { id: 'x', status: 'inProgress' }, share: { duplicate: false, after: 4 } }
    expect(describeTurn(deps(), { threadId, turnId: 'x', duplicate: false })).to.deep.equal({ is: 'taken', value })
  })
})
