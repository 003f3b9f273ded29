/** The queues put together: what is taken over from Codex is submitted. */
import { expect } from 'chai'
import type { AppServerLink } from '../../../../src/codex/link/app-server-link.ts'
import { openQueues } from '../../../../src/daemon/queue/open-queues.ts'
import { eventually } from '../../../support/eventually.ts'
import { openQueueBench } from './queue-bench.ts'

describe('The queues of a daemon', () => {
  it('submit what waited in Codex’s own, until they are closed', async () => {
    const bench = openQueueBench()
    bench.queueDrain.close()
    const { codexQueue, queueDrain, queues, close } = openQueues(bench, () => bench.whole)
    let queued = [{ id: 'i', input: [{ type: 'text', text: 'one' }], clientUserMessageId: 'c' }]
    const forward = async (method: string) => {
      if (method === 'thread/queue/list') return { data: queued }
      queued = []
      return { deleted: true }
    }
    await codexQueue.whileOpening('t', { forward } as unknown as AppServerLink, async () => {})
    await eventually('it is submitted', () => bench.submitted.length === 1 && queues.list('t').length === 0)
    close()
    bench.slots.onTurnEnded('t', 'turn-1')
    bench.add('two')
    queueDrain.look('t')
    await new Promise((resolve) => setImmediate(resolve))
    expect([bench.submitted, bench.waiting()]).to.deep.equal([['one'], ['two']])
    bench.close()
  })
})
