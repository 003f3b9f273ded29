/** Catching up with a thread, on a real ledger, beside a link whose notifications come later than what is stored. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { pino } from 'pino'
import { decodeNotification } from '../../../../src/codex/decoding/decode-notification.ts'
import type { AppServerLink } from '../../../../src/codex/link/app-server-link.ts'
import { UpstreamError } from '../../../../src/codex/link/upstream-error.ts'
import type { Supervisor } from '../../../../src/codex/supervision/app-server-supervisor.ts'
import type { ThreadRouter } from '../../../../src/codex/supervision/thread-router.ts'
import { PrivateThreads } from '../../../../src/daemon/adoption/private-threads.ts'
import { Approvals } from '../../../../src/daemon/approvals/approvals.ts'
import { CodexGateway } from '../../../../src/daemon/codex-link/codex-gateway.ts'
import { restoreSlots } from '../../../../src/daemon/gate/restore-slots.ts'
import { Peers } from '../../../../src/daemon/peers/peers.ts'
import { Feed } from '../../../../src/daemon/publishing/feed.ts'
import { Recorder } from '../../../../src/daemon/publishing/recorder.ts'
import { TurnSlots } from '../../../../src/daemon/slots/turn-slots.ts'
import { ThreadSettingsStore } from '../../../../src/daemon/thread-settings/thread-settings.ts'
import { MissedItems } from '../../../../src/daemon/threads/missed-items.ts'
import { NotificationRecorder } from '../../../../src/daemon/threads/notification-recorder.ts'
import { StoredTurns } from '../../../../src/daemon/threads/stored-turns.ts'
import { ThreadDirectory } from '../../../../src/daemon/threads/thread-directory.ts'
import { ThreadFinder } from '../../../../src/daemon/threads/thread-finder.ts'
import { ThreadSync, type ThreadSyncDeps } from '../../../../src/daemon/threads/thread-sync.ts'
import { type Ledger, openLedger } from '../../../../src/ledger/ledger.ts'
import { eventually } from '../../../support/waiting/eventually.ts'

const threadId = 'a'
const item = { type: 'agentMessage', id: 'i1', text: 'said', phase: null, startedAtMs: 1, completedAtMs: 2 }
const turn = (status: string) => ({
  id: 't1',
  rootTurnId: 't1',
  items: [item],
  itemsView: 'full',
  status,
  error: null,
  startedAt: 1,
  completedAt: status === 'inProgress' ? null : 2,
  durationMs: status === 'inProgress' ? null : 1000,
})

/** All that a catching up asks for; the thread has the status a moment after its turns were read. */
function linkWith(turns: readonly unknown[], status: 'idle' | 'active' = 'idle'): AppServerLink {
  let looks = 0
  const thread = { id: threadId, name: null, cwd: '/', preview: '', status: { type: 'idle' } }
  const answers: Record<string, () => unknown> = {
    'thread/resume': () => ({ thread }),
    'thread/turns/list': () => ({ data: turns.toReversed(), nextCursor: null }),
    'thread/read': () => {
      looks += 1
      return { thread: { ...thread, status: { type: looks > 1 ? status : 'idle' } } }
    },
  }
  return { request: async (method: string) => answers[method]?.() } as unknown as AppServerLink
}

describe('Catching up with a thread', () => {
  let dir: string
  let ledger: Ledger
  let recorder: Recorder
  let slots: TurnSlots

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'codex-share-sync-'))
    ledger = openLedger(join(dir, 'ledger.db'))
  })

  afterEach(() => {
    recorder.close()
    ledger.close()
    rmSync(dir, { recursive: true })
  })

  /** A thread sync as a daemon has it that was just started. */
  function threadSync(): ThreadSync {
    const log = pino({ level: 'silent' })
    const feed = new Feed(ledger.events, 1000)
    slots = new TurnSlots()
    recorder = new Recorder({ ledger, log, publish: () => {}, onMissed: () => {} })
    const approvals = new Approvals({ ledger, recorder, peers: new Peers(), worksFor: async () => null })
    const [threadSettings, missedItems] = [new ThreadSettingsStore(), new MissedItems({ ledger, recorder })]
    const privateThreads = new PrivateThreads()
    const deps = { ledger, recorder, slots, threadSettings, missedItems, privateThreads, log }
    const notifications = new NotificationRecorder({ ...deps, approvals, onIdle: () => {} })
    const codexQueue: ThreadSyncDeps['codexQueue'] = {
      whileOpening: (_id, _link, resume) => resume(),
      onOpened: () => {},
    }
    const stored = new StoredTurns({ ...deps, notifications })
    return new ThreadSync({ ...deps, feed, notifications, stored, codexQueue })
  }

  const live = (method: string, more: object) => decodeNotification(method, { threadId, ...more }, 3)
  const itemCompleted = live('item/completed', { turnId: 't1', item })
  const turnCompleted = live('turn/completed', { turn: turn('completed') })

  const recorded = () => {
    recorder.flush()
    return ledger.events.page(threadId, 0, 100).map(({ json }) => JSON.parse(json).method)
  }
  const whole = ['turn/started', 'item/completed', 'turn/completed']

  it('records once what was stored before its notification came, however late that comes', async () => {
    const one = threadSync()
    await one.attach(threadId, linkWith([turn('completed')]))
    for (const notification of [itemCompleted, turnCompleted]) one.receive(notification)
    expect([recorded(), slots.active(threadId)]).to.deep.equal([whole, null])
  })

  it('continues a turn that was stored while it ran where the stored part ends', async () => {
    const one = threadSync()
    await one.attach(threadId, linkWith([turn('inProgress')]))
    one.receive(live('turn/started', { turn: turn('inProgress') }))
    for (const notification of [itemCompleted, turnCompleted]) one.receive(notification)
    expect([recorded(), slots.active(threadId)]).to.deep.equal([whole, null])
  })

  it('closes a turn that Codex took and never stored, and none that it takes meanwhile', async () => {
    const one = threadSync()
    ledger.threads.open(threadId, { name: null, cwd: null, preview: null })
    const take = (requestId: string, turnId: string) => {
      const input = [{ type: 'text', text: requestId }]
      ledger.turns.remember(threadId, { requestId, content: '', input, by: { label: 'ci', kind: 'script', pid: 1 } })
      ledger.turns.fulfil(threadId, requestId, turnId)
    }
    take('lost', 't0')
    const { request } = linkWith([])
    const meanwhile = async (method: string, params: object) => {
      if (method === 'thread/turns/list') take('new', 't9')
      const thread = { id: threadId, name: null, cwd: '/', preview: '', status: { type: 'idle' } }
      return method === 'thread/resume' ? { thread } : (request as (...asked: unknown[]) => unknown)(method, params)
    }
    await one.attach(threadId, { request: meanwhile } as unknown as AppServerLink)
    recorder.flush()
    const events = ledger.events.page(threadId, 0, 100).map(({ json }) => JSON.parse(json))
    expect(events.map(({ method, turnId }) => `${method} ${turnId}`)).to.deep.equal([
      'turn/started t0',
      'item/completed t0',
      'turn/completed t0',
    ])
  })

  it('holds a thread for the turn that Codex took as the last daemon ended, until it is known what became of it', async () => {
    ledger.threads.open(threadId, { name: null, cwd: null, preview: null })
    const by = { label: 'ci', kind: 'script', pid: 1 } as const
    ledger.turns.remember(threadId, { requestId: 'r1', content: '', input: [{ type: 'text', text: 'go' }], by })
    ledger.turns.fulfil(threadId, 'r1', 't1')
    const one = threadSync()
    restoreSlots(ledger, slots)
    expect(slots.active(threadId)).to.include({ turnId: 't1' }).and.to.have.deep.property('by', by)
    one.linkUp(linkWith([turn('completed')]))
    await eventually('it has ended', () => slots.active(threadId) === null)
    expect(recorded()).to.deep.equal(['turn/started', 'item/completed', 'item/completed', 'turn/completed'])
    recorder.close()
    threadSync()
    restoreSlots(ledger, slots)
    expect(slots.active(threadId)).to.equal(null)
  })

  it('does not share a thread again whose sharing is stopped meanwhile', async () => {
    ledger.threads.open(threadId, { name: null, cwd: null, preview: null })
    const one = threadSync()
    const { request } = linkWith([])
    let stops = 0
    const stopMeanwhile = async (method: string, params: object) => {
      if (method === 'thread/resume' && stops++ === 0) {
        ledger.threads.close(threadId)
        one.detach(threadId, undefined)
      }
      return (request as (...asked: unknown[]) => unknown)(method, params)
    }
    const link = { request: stopMeanwhile } as unknown as AppServerLink
    const gateway = new CodexGateway({ route: (way) => way } as ThreadRouter)
    gateway.start({ link } as Supervisor)
    const privateThreads = new PrivateThreads()
    const finder = new ThreadFinder({ ledger, gateway, privateThreads })
    const directory = new ThreadDirectory({ ledger, recorder, threadSync: one, gateway, finder, privateThreads })
    await directory.followAgain(threadId)
    expect([directory.isShared(threadId), one.isFollowed(threadId)]).to.deep.equal([false, false])
  })

  const cutOff = { ...turn('interrupted'), items: [], completedAt: null, durationMs: null }

  it('records as failed a turn whose process died before the ledger heard of it', async () => {
    await threadSync().attach(threadId, linkWith([cutOff]))
    expect(slots.active(threadId)).to.equal(null)
    expect(recorded()).to.deep.equal(['turn/started', 'turn/completed'])
  })

  for (const hint of ['the status of the thread', 'its notification'] as const)
    it(`takes a turn for running that has just begun by ${hint}, though Codex lists it as interrupted`, async () => {
      const one = threadSync()
      const caughtUp = one.attach(threadId, linkWith([cutOff], hint === 'its notification' ? 'idle' : 'active'))
      if (hint === 'its notification') one.receive(live('turn/started', { turn: turn('inProgress') }))
      await caughtUp
      expect(slots.active(threadId)?.turnId).to.equal('t1')
      for (const notification of [itemCompleted, turnCompleted]) one.receive(notification)
      expect([recorded(), slots.active(threadId)]).to.deep.equal([whole, null])
    })

  it('takes what comes meanwhile behind what is stored', async () => {
    const one = threadSync()
    const caughtUp = one.attach(threadId, linkWith([turn('inProgress')]))
    for (const notification of [itemCompleted, turnCompleted]) one.receive(notification)
    await caughtUp
    expect([recorded(), slots.active(threadId)]).to.deep.equal([whole, null])
  })

  it('records all once that is caught up with twice at once, then what came meanwhile', async () => {
    const one = threadSync()
    const link = linkWith([turn('inProgress')])
    const first = one.attach(threadId, link).catch((error: unknown) => error)
    one.receive(live('item/agentMessage/delta', { turnId: 't1', itemId: 'i2', delta: 'more' }))
    await one.reattach(threadId, link)
    expect(await first).to.include({ errorName: 'connectionLost' })
    for (const notification of [itemCompleted, turnCompleted]) one.receive(notification)
    expect(recorded().filter((method) => whole.includes(method))).to.deep.equal(whole)
    expect(recorded()).to.include('item/agentMessage/delta')
  })

  it('leaves all to the next link that comes before it is done', async () => {
    const one = threadSync()
    const { promise: read, resolve } = Promise.withResolvers<void>()
    const { request } = linkWith([turn('inProgress')])
    const slow = async (method: string, params: object) => {
      if (method === 'thread/turns/list') await read
      return (request as (...asked: unknown[]) => unknown)(method, params)
    }
    const first = one.attach(threadId, { request: slow } as unknown as AppServerLink).catch((error: unknown) => error)
    one.linkUp(linkWith([cutOff]))
    await one.attach(threadId, linkWith([cutOff]))
    resolve()
    expect(await first).to.include({ errorName: 'connectionLost' })
    expect([recorded(), slots.active(threadId)]).to.deep.equal([['turn/started', 'turn/completed'], null])
  })

  it('frees the slot of a turn that was lost with its thread, before anybody followed that', async () => {
    const one = threadSync()
    ledger.threads.open(threadId, { name: null, cwd: null, preview: null })
    const by = { label: 'codex', kind: 'codex', pid: 1 } as const
    ledger.turns.remember(threadId, { requestId: 'r1', content: '', input: [], by })
    ledger.turns.fulfil(threadId, 'r1', 't1')
    slots.onTurnStarted(threadId, 't1', 1, by)
    const refusal = new UpstreamError({ code: -32600, message: `no rollout found for thread id ${threadId}` })
    one.linkUp({ request: () => Promise.reject(refusal) } as unknown as AppServerLink)
    await eventually('it is free', () => slots.active(threadId) === null)
    expect(recorded()).to.deep.equal(['turn/started', 'item/completed', 'turn/completed'])
  })

  it('does not record the end of a turn again that an earlier daemon recorded', async () => {
    await threadSync().attach(threadId, linkWith([turn('completed')]))
    recorder.close()
    const next = threadSync()
    await next.attach(threadId, linkWith([turn('completed')]))
    next.receive(turnCompleted)
    expect(recorded()).to.deep.equal(whole)
  })
})
