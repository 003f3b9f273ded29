/** Slots that are held while Codex is idle, and those that only seem to be. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import type { AppServerLink } from '../../../../src/codex/link/app-server-link.ts'
import { HealSlots, type HealSlotsDeps } from '../../../../src/daemon/gate/heal-slots.ts'
import { TurnSlots } from '../../../../src/daemon/slots/turn-slots.ts'
import type { endOfLostTurn } from '../../../../src/daemon/threads/reconcile.ts'
import { type Ledger, openLedger } from '../../../../src/ledger/ledger.ts'
import { eventually } from '../../../support/waiting/eventually.ts'

const threadId = 'a'
const ci = { label: 'ci', kind: 'script', pid: 1 } as const

describe('a slot that is held while Codex is idle', () => {
  let dir: string
  let ledger: Ledger
  let slots: TurnSlots
  let recorded: string[]
  let warned: object[]
  /** What Codex answers, each time it is asked; the last one from then on. */
  let statuses: string[]
  let stored: object[]
  let asked: string[]
  let healing: HealSlots

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'codex-share-heal-'))
    ledger = openLedger(join(dir, 'ledger.db'))
    ledger.threads.open(threadId, { name: null, cwd: null, preview: null })
    slots = new TurnSlots()
    ;[recorded, warned, stored, asked, statuses] = [[], [], [], [], ['idle']]
    const request = async (method: string) => {
      asked.push(method)
      if (method === 'thread/turns/list') return { data: stored, nextCursor: null }
      return { thread: { status: { type: statuses.length > 1 ? statuses.shift() : statuses[0] } } }
    }
    const parts = {
      recorder: { flush: () => {} },
      notifications: {
        record: (_: string, { method, turnId, effect }: ReturnType<typeof endOfLostTurn>[number]) => {
          recorded.push(`${method} ${turnId}`)
          if (effect.kind === 'turnEnded') slots.onTurnEnded(threadId, effect.turnId)
        },
      },
      threadSync: { reattach: async () => void asked.push('reattach') },
      gateway: { current: { request } as unknown as AppServerLink },
      log: { warn: (facts: object) => void warned.push(facts) },
    }
    const deps = { ...parts, ledger, slots, timeoutMs: 1, graceMs: 1 }
    healing = new HealSlots(deps as unknown as HealSlotsDeps)
  })

  afterEach(() => {
    healing.close()
    ledger.close()
    rmSync(dir, { recursive: true })
  })

  const isFree = () => eventually('the slot is free', () => slots.active(threadId) === null)
  const looked = (times: number) => eventually('it was looked into', () => asked.length >= times)

  it('is freed with an end in the ledger, and one warning that names the turn', async () => {
    slots.onTurnStarted(threadId, 't1', 0, ci)
    healing.noteIdle(threadId)
    await isFree()
    expect(recorded).to.deep.equal(['turn/started t1', 'turn/completed t1'])
    expect(warned).to.deep.equal([{ threadId, turnId: 't1', requestId: null }])
  })

  it('is freed without a second end where the ledger has one', async () => {
    const of = { threadId, turnId: 't1', atMs: 0, itemId: null, by: null }
    const turn = { id: 't1', status: 'completed' }
    ledger.events.append([
      { ...of, method: 'turn/started', params: { threadId, turn } },
      { ...of, method: 'turn/completed', params: { threadId, turn } },
    ])
    slots.onTurnStarted(threadId, 't1', 0, ci)
    healing.noteIdle(threadId)
    await isFree()
    expect(recorded).to.deep.equal([])
  })

  it('is freed where the thread is not shared any more, and is not shared again for that', async () => {
    ledger.threads.close(threadId)
    slots.onTurnStarted(threadId, 't1', 0, ci)
    healing.noteIdle(threadId)
    await isFree()
    expect([recorded, asked]).to.deep.equal([[], ['thread/read', 'thread/read', 'thread/turns/list']])
  })

  it('stays with a turn that runs by the thread’s own status', async () => {
    statuses = ['active']
    slots.onTurnStarted(threadId, 't1', 0, ci)
    healing.noteIdle(threadId)
    await looked(1)
    expect([slots.active(threadId)?.turnId, warned]).to.deep.equal(['t1', []])
  })

  it('stays with a turn that began again while it was caught up with', async () => {
    statuses = ['idle', 'active']
    slots.onTurnStarted(threadId, 't1', 0, ci)
    healing.noteIdle(threadId)
    await looked(3)
    expect([slots.active(threadId)?.turnId, recorded]).to.deep.equal(['t1', []])
  })

  it('stays with a turn that is stored as running, as one is that has failed and is tried again', async () => {
    statuses = ['systemError']
    stored = [{ id: 't1', rootTurnId: 't1', status: 'inProgress', items: [] }]
    slots.onTurnStarted(threadId, 't1', 0, ci)
    healing.noteIdle(threadId)
    await looked(4)
    expect([slots.active(threadId)?.turnId, recorded]).to.deep.equal(['t1', []])
  })

  it('is not taken from the next turn, which has it when the look comes', async () => {
    slots.onTurnStarted(threadId, 't1', 0, ci)
    healing.noteIdle(threadId)
    slots.onTurnEnded(threadId, 't1')
    slots.onTurnStarted(threadId, 't2', 0, ci)
    slots.onTurnStarted('b', 't3', 0, ci)
    healing.noteIdle('b')
    await eventually('the other is freed', () => slots.active('b') === null)
    expect(slots.active(threadId)?.turnId).to.equal('t2')
  })

  it('is left to a request that waits for its answer, and freed when that is older than it may be', async () => {
    slots.admit(threadId, { is: 'begin', requestId: 'r1', by: ci })
    healing.noteIdle(threadId)
    for (const nowMs of [0, 0.9]) healing.lookAtOld(() => nowMs)
    expect(asked).to.deep.equal([])
    healing.lookAtOld(() => 1)
    await isFree()
    expect([recorded, warned]).to.deep.equal([[], [{ threadId, turnId: null, requestId: 'r1' }]])
  })
})
