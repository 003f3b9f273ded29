/** What waits is submitted one by one, when the thread is free, and again later where that failed. */
import { expect } from 'chai'
import { QueueDrain } from '../../../../src/daemon/queue/queue-drain.ts'
import { ShareError } from '../../../../src/protocol/errors.ts'
import { eventually } from '../../../support/waiting/eventually.ts'
import { onScriptedTime } from '../../../support/waiting/scripted-ticks.ts'
import { openQueueBench, type QueueBench } from './queue-bench.ts'

describe('The drain of a queue', () => {
  let bench: QueueBench
  let queueDrain: QueueDrain
  beforeEach(() => {
    bench = openQueueBench()
    bench.queueDrain.close()
    queueDrain = new QueueDrain(bench)
  })
  afterEach(() => {
    queueDrain.close()
    bench.close()
  })

  const heldBack = () => bench.queues.describe('t')?.heldBack

  it('submits the next prompt when a turn has ended, and one at a time', async () => {
    bench.slots.onTurnStarted('t', 'turn-0', 0)
    for (const text of ['one', 'two']) bench.add(text)
    queueDrain.lookAtAll()
    expect([bench.submitted, bench.waiting()]).to.deep.equal([[], ['one', 'two']])
    bench.slots.onTurnEnded('t', 'turn-0')
    await eventually('the first is submitted', () => bench.submitted.length > 0)
    await eventually('it has left the queue', () => bench.waiting().length === 1)
    expect([bench.submitted, bench.waiting()]).to.deep.equal([['one'], ['two']])
  })

  for (const { why, error, afterMs } of [
    { why: 'Codex was not there', error: new ShareError('unavailable', 'no Codex'), afterMs: 5000 },
    { why: 'Codex refused', error: new Error('it is archived'), afterMs: 60_000 },
  ])
    it(
      `says why it could not, and tries again in ${afterMs / 1000} s where ${why}`,
      onScriptedTime(async (time) => {
        bench.refuseWith(error)
        bench.add('one')
        queueDrain.look('t')
        await eventually('it is held back', () => time.due.includes(afterMs))
        expect(heldBack()).to.equal(error.message)
        bench.refuseWith(undefined)
        queueDrain.look('t')
        time.run(afterMs - 1)
        expect(bench.submitted).to.deep.equal([])
        time.run(1)
        await eventually('it is submitted', () => bench.submitted.length > 0)
        await eventually('it has left the queue', () => bench.waiting().length === 0)
      }),
    )

  it(
    'waits for the end of a turn that was faster, and says nothing of it',
    onScriptedTime(async (time) => {
      bench.refuseWith(new ShareError('busy', 'a turn runs'))
      const row = bench.add('one')
      const error = await queueDrain.submit('t', row).catch((reason: Error) => reason.message)
      queueDrain.look('t')
      await new Promise((resolve) => setImmediate(resolve))
      expect([error, heldBack(), bench.waiting(), time.due.includes(5000)]).to.deep.equal([
        ...['a turn runs', null, ['one'], false],
      ])
    }),
  )

  it('rests after an interruption, and submits what is asked for all the same', async () => {
    const ended = { threadId: 't', turnId: 'turn-0', atMs: 1, itemId: null, by: null }
    bench.ledger.events.append([
      { ...ended, method: 'turn/started', params: { turn: { id: 'turn-0' } } },
      { ...ended, method: 'turn/completed', params: { turn: { id: 'turn-0', status: 'interrupted' } } },
    ])
    const row = bench.add('one')
    queueDrain.look('t')
    await new Promise((resolve) => setImmediate(resolve))
    expect([heldBack(), bench.submitted]).to.deep.equal(['the last turn was interrupted', []])
    await queueDrain.submit('t', row)
    expect([bench.submitted, bench.waiting()]).to.deep.equal([['one'], []])
  })
})
