/** One catching up with a thread: what it records, in which order, and when it leaves all to another. */
import { expect } from 'chai'
import { decodeNotification } from '../../../../src/codex/decoding/decode-notification.ts'
import type { Thread } from '../../../../src/codex/decoding/upstream-types.ts'
import { PrivateThreads } from '../../../../src/daemon/adoption/private-threads.ts'
import { Approvals } from '../../../../src/daemon/approvals/approvals.ts'
import { TurnSlots } from '../../../../src/daemon/slots/turn-slots.ts'
import { ThreadSettingsStore } from '../../../../src/daemon/thread-settings/thread-settings.ts'
import { Attachments } from '../../../../src/daemon/threads/attachments.ts'
import { CatchUp, type CatchUpDeps } from '../../../../src/daemon/threads/catch-up.ts'
import { MissedItems } from '../../../../src/daemon/threads/missed-items.ts'
import { NotificationRecorder } from '../../../../src/daemon/threads/notification-recorder.ts'
import { StoredTurns } from '../../../../src/daemon/threads/stored-turns.ts'
import {
  type Answers,
  linkOf,
  openable,
  openTestStorage,
  refusal,
  share,
  silentLog,
  threadOf,
  turnOf,
} from '../../../support/sites/thread-site.ts'

const threadId = 'a'
const by = { label: 'ci', kind: 'script', pid: 1 } as const

describe('A catching up', () => {
  let storage: ReturnType<typeof openTestStorage>
  let slots: TurnSlots
  let attachments: Attachments
  let catchUp: CatchUp
  /** What was done about Codex's queue, and when the thread was idle. */
  let log: string[]

  beforeEach(() => {
    storage = openTestStorage()
    slots = new TurnSlots()
    log = []
    const { ledger, recorder, peers } = storage
    const approvals = new Approvals({ ledger, recorder, peers, worksFor: async () => null })
    const [threadSettings, missedItems] = [new ThreadSettingsStore(), new MissedItems({ ledger, recorder })]
    const privateThreads = new PrivateThreads()
    const deps = { ledger, recorder, slots, threadSettings, missedItems, privateThreads, log: silentLog }
    const notifications = new NotificationRecorder({ ...deps, approvals, onIdle: () => log.push('idle') })
    const stored = new StoredTurns({ ...deps, notifications })
    const codexQueue: CatchUpDeps['codexQueue'] = {
      whileOpening: async (_threadId, _link, resume) => {
        log.push('take the queue over')
        return resume()
      },
      onOpened: () => log.push('opened'),
    }
    attachments = new Attachments({ notifications, stored })
    catchUp = new CatchUp({ ...deps, notifications, stored, codexQueue }, attachments)
  })
  afterEach(() => storage.close())

  /** `meanwhile` happens as soon as Codex is asked for this method. */
  const run = (answers: Answers, meanwhile: Readonly<Record<string, () => void>> = {}) => {
    const attachment = attachments.begin(threadId, Promise.resolve({} as Thread))
    const whenAsked = (method: string) => () => {
      meanwhile[method]?.()
      return answers[method]
    }
    const link = linkOf(Object.fromEntries(Object.keys(answers).map((method) => [method, whenAsked(method)])))
    return catchUp.run(threadId, link, attachment)
  }
  const hear = (method: string, more: object) =>
    attachments.receive(decodeNotification(method, { threadId, ...more }, 3))
  const recorded = () => {
    storage.recorder.flush()
    const events = storage.ledger.events.page(threadId, 0, 1000).map(({ json }) => JSON.parse(json))
    return events.map(({ method, turnId, params }) => [method, turnId, params.turn?.status].filter(Boolean).join(' '))
  }
  const whole = ['turn/started t1 inProgress', 'item/completed t1', 'turn/completed t1 completed']
  const [idle, busy] = [threadOf(threadId), threadOf(threadId, { status: { type: 'active' } })]
  /** As Codex lists a turn whose end it does not know. */
  const endless = turnOf('t1', 'interrupted', { completedAt: null, durationMs: null, items: [] })
  const took = (turnId: string) => {
    const { turns } = storage.ledger
    turns.remember(threadId, { requestId: turnId, content: '', input: [], by })
    turns.fulfil(threadId, turnId, turnId)
  }
  const refused = (work: Promise<unknown>) => work.catch((error: unknown) => error)

  it('takes Codex’s queue over, opens the thread, shares it and goes live', async () => {
    const thread = threadOf(threadId, { name: 'n' })
    expect(await run(openable(thread, [turnOf('t1')]))).to.deep.equal(thread)
    expect(storage.ledger.threads.get(threadId)).to.include({ name: 'n', closedMs: null })
    expect([recorded(), log, attachments.isLive(threadId)]).to.deep.equal([
      whole,
      ['take the queue over', 'idle', 'opened'],
      true,
    ])
  })

  it('records once what both is stored and was heard meanwhile, and what follows behind it', async () => {
    const stored = turnOf('t1', 'inProgress')
    await run(openable(busy, [stored]), {
      'thread/turns/list': () => {
        hear('item/completed', { turnId: 't1', item: stored.items[0] })
        hear('turn/completed', { turn: turnOf('t1') })
      },
    })
    expect(recorded()).to.deep.equal(whole)
  })

  for (const [what, thread, turn, active] of [
    ['holds the slot for a turn that runs', busy, turnOf('t1', 'inProgress'), 't1'],
    ['leaves the slot free where none runs', idle, turnOf('t1'), undefined],
    ['holds the slot for a turn that Codex lists as interrupted while it runs', busy, endless, 't1'],
  ] as const)
    it(what, async () => {
      await run(openable(thread, [turn]))
      expect([slots.active(threadId)?.turnId, log.includes('idle')]).to.deep.equal([active, thread === idle])
    })

  it('gives a turn that runs the author that the ledger has of it', async () => {
    share(storage, threadId, null)
    const params = { threadId, turn: turnOf('t1', 'inProgress') }
    storage.recorder.add({ threadId, turnId: 't1', itemId: null, atMs: 1, method: 'turn/started', params, by })
    await run(openable(busy, [turnOf('t1', 'inProgress')]))
    expect(slots.active(threadId)).to.deep.include({ turnId: 't1', by })
  })

  for (const [what, thread, failed] of [
    ['ends as failed what Codex took and never stored, once the thread is idle', idle, true],
    ['leaves it open while the thread runs something', busy, false],
  ] as const)
    it(what, async () => {
      share(storage, threadId, null)
      took('t0')
      await run(openable(thread))
      expect(recorded().includes('turn/completed t0 failed')).to.equal(failed)
    })

  it('does not end a turn that Codex takes while it is asked, nor one that is heard', async () => {
    share(storage, threadId, null)
    took('heard')
    await run(openable(idle), {
      'thread/resume': () => took('new'),
      'thread/turns/list': () => hear('turn/started', { turn: turnOf('heard', 'inProgress') }),
    })
    expect(recorded().filter((event) => event.startsWith('turn/completed'))).to.deep.equal([])
  })

  for (const [what, message, ended] of [
    ['ends what was open of a thread that Codex no longer has', `no rollout found for thread id ${threadId}`, true],
    ['leaves all open where opening fails for another reason', 'try again', false],
  ] as const)
    it(what, async () => {
      share(storage, threadId, null)
      took('t0')
      const error = refusal(message)
      expect(await refused(run({ 'thread/resume': error }))).to.equal(error)
      expect(recorded().includes('turn/completed t0 failed')).to.equal(ended)
    })

  for (const [what, happens] of [
    ['another took its place', () => void attachments.begin(threadId, Promise.resolve({} as Thread))],
    ['the thread was let go', () => void attachments.drop(threadId)],
  ] as const)
    for (const during of ['thread/resume', 'thread/turns/list'])
      it(`records nothing from then on where ${what} during ${during}`, async () => {
        share(storage, threadId, null, true)
        const error = await refused(run(openable(idle, [turnOf('t1')]), { [during]: happens }))
        expect(error).to.include({ errorName: 'connectionLost' }).and.to.have.deep.property('facts', {
          threadId,
          sent: false,
        })
        expect([recorded(), slots.active(threadId), log.includes('opened')]).to.deep.equal([[], null, false])
        // Its sharing was stopped, and stays so.
        const isShared = storage.ledger.threads.get(threadId)?.closedMs === null
        expect(isShared).to.equal(during === 'thread/turns/list')
      })
})
