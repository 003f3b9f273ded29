/** Which live notifications are replays of what catching up has recorded. */
import { expect } from 'chai'
import { decodeNotification } from '../../../../src/codex/decoding/decode-notification.ts'
import type { KnownTurn } from '../../../../src/daemon/threads/reconcile.ts'
import { ReplayFilter } from '../../../../src/daemon/threads/replay-filter.ts'

const turn = { id: 't1', status: 'completed', completedAt: 1 }
const item = { id: 'i1', type: 'agentMessage' }
const live = (method: string, more: object) => decodeNotification(method, { threadId: 'a', ...more }, 1)
const notifications = {
  started: live('turn/started', { turn }),
  delta: live('item/agentMessage/delta', { turnId: 't1', itemId: 'i1', delta: 'more' }),
  completed: live('item/completed', { turnId: 't1', item }),
  'completed another': live('item/completed', { turnId: 't1', item: { ...item, id: 'i2' } }),
  usage: live('thread/tokenUsage/updated', { turnId: 't1' }),
  ended: live('turn/completed', { turn }),
  name: live('thread/name/updated', { threadName: 'n' }),
} as const
type Name = keyof typeof notifications

const none: KnownTurn = { started: false, ended: false, completedItems: new Set() }
const cases: readonly (readonly [what: string, known: KnownTurn, replays: readonly Name[]])[] = [
  ['nothing', none, []],
  ['its start', { ...none, started: true }, ['started']],
  [
    'its start and an item',
    { started: true, ended: false, completedItems: new Set(['i1']) },
    ['started', 'delta', 'completed'],
  ],
  [
    'all of it',
    { started: true, ended: true, completedItems: new Set() },
    ['started', 'delta', 'completed', 'completed another', 'usage', 'ended'],
  ],
]

describe('Of a turn of which catching up has recorded', () => {
  for (const [what, known, replays] of cases)
    it(`${what}, replays are ${replays.join(', ') || 'none'}`, () => {
      const filter = new ReplayFilter(() => known)
      filter.remember(['t1'])
      const dropped = Object.entries(notifications).flatMap(([name, one]) => (filter.has(one) ? [name] : []))
      expect(dropped).to.deep.equal(replays)
    })

  it('all, what comes after its replayed end is new, and a second end is dropped as well', () => {
    const filter = new ReplayFilter(() => ({ ...none, ended: true }))
    filter.remember(['t1'])
    const { ended, usage } = notifications
    expect([ended, usage, ended].map((one) => filter.has(one))).to.deep.equal([true, false, true])
  })

  it('some, what it knows is from that moment, and the ledger is asked about an end alone later', () => {
    let known = none
    const filter = new ReplayFilter(() => known)
    filter.remember(['t1'])
    known = { started: true, ended: true, completedItems: new Set(['i1']) }
    const { started, completed } = notifications
    expect([started, completed].map((one) => filter.has(one))).to.deep.equal([false, false])
  })

  it('all, an older turn than the last three is not looked at, except for its end', () => {
    const filter = new ReplayFilter(() => ({ ...none, ended: true }))
    filter.remember(['t1', 't2', 't3', 't4'])
    const { completed, ended } = notifications
    expect([completed, ended].map((one) => filter.has(one))).to.deep.equal([false, true])
  })
})
