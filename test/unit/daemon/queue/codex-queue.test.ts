/** What waits in Codex's own queue is taken over, and given back where the thread could not be opened. */
import { expect } from 'chai'
import type { AppServerLink } from '../../../../src/codex/link/app-server-link.ts'
import { UpstreamError } from '../../../../src/codex/link/upstream-error.ts'
import { PrivateThreads } from '../../../../src/daemon/adoption/private-threads.ts'
import { CodexQueue } from '../../../../src/daemon/queue/codex-queue.ts'
import { eventually } from '../../../support/waiting/eventually.ts'
import { openQueueBench, type QueueBench } from './queue-bench.ts'

/** A Codex with prompts in its queue, which may have submitted one of them just now. */
function codexWith(texts: readonly string[], { faster }: { readonly faster?: string } = {}) {
  let queued = texts.map((text) => ({ id: `id-${text}`, input: [{ type: 'text', text }], clientUserMessageId: text }))
  const forward = async (method: string, params: Record<string, unknown>) => {
    if (method === 'thread/queue/list') return { data: queued }
    if (method === 'thread/queue/delete') {
      queued = queued.filter(({ id }) => id !== params.queuedSubmissionId)
      return { deleted: params.queuedSubmissionId !== `id-${faster}` }
    }
    queued.push(params as never)
    return {}
  }
  return { link: { forward } as unknown as AppServerLink, queue: () => queued.map(({ input }) => input[0]?.text) }
}

describe('Codex’s own queue', () => {
  let bench: QueueBench
  let codexQueue: CodexQueue
  beforeEach(() => {
    bench = openQueueBench()
    const privateThreads = new PrivateThreads()
    codexQueue = new CodexQueue({ ...bench, privateThreads, onWaiting: (threadId) => bench.queueDrain.look(threadId) })
  })
  afterEach(() => {
    codexQueue.close()
    bench.close()
  })

  it('is taken over before the thread is opened, and then submitted from ours', async () => {
    const codex = codexWith(['one', 'two'])
    bench.slots.onTurnStarted('t', 'turn-0', 0)
    const opened = await codexQueue.whileOpening('t', codex.link, async () => [codex.queue(), bench.waiting()])
    expect(opened).to.deep.equal([[], ['one', 'two']])
    bench.slots.onTurnEnded('t', 'turn-0')
    codexQueue.onOpened('t')
    await eventually('the first is submitted', () => bench.submitted[0] === 'one')
  })

  it('has no more of what Codex submitted first', async () => {
    bench.slots.onTurnStarted('t', 'turn-0', 0)
    await codexQueue.whileOpening('t', codexWith(['one', 'two'], { faster: 'one' }).link, async () => {})
    expect(bench.waiting()).to.deep.equal(['two'])
  })

  it('has its prompts back where a thread that is not shared could not be opened', async () => {
    const codex = codexWith(['one'])
    const refuse = async () => {
      throw new Error('no such thread')
    }
    const error = await codexQueue.whileOpening('other', codex.link, refuse).catch((reason: Error) => reason.message)
    expect([error, codex.queue(), bench.ledger.queue.list('other')]).to.deep.equal(['no such thread', ['one'], []])
  })

  it('need not be there', async () => {
    const forward = async () => {
      throw new UpstreamError({ code: -32601, message: 'unknown method' })
    }
    const link = { forward } as unknown as AppServerLink
    expect(await codexQueue.whileOpening('t', link, async () => 'opened')).to.equal('opened')
  })
})
