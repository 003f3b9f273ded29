/** Codex's `thread/queue/*`, as the daemon answers it. */
import { expect } from 'chai'
import { answerQueue, isQueueMethod, type QueueCaller } from '../../../../src/daemon/queue/answer-queue.ts'
import { describePrompt } from '../../../../src/daemon/queue/describe-prompt.ts'
import { queueChangedFrame, queueChangedNotification } from '../../../../src/daemon/queue/queue-changed.ts'
import { errorOf } from '../../../support/sites/scripted-daemon.ts'
import { openQueueBench, type QueueBench } from './queue-bench.ts'

const ann: QueueCaller = {
  author: { label: 'ann', kind: 'script', pid: 7 },
  identity: { kind: 'own', pid: 7 },
  right: 'post',
}
const ben: QueueCaller = { ...ann, author: { label: 'ben', kind: 'ui', pid: 8 } }

describe('Codex’s queue, asked of the daemon', () => {
  let bench: QueueBench
  let ids: string[]
  beforeEach(() => {
    bench = openQueueBench()
    bench.slots.onTurnStarted('t', 'turn-0', 0)
    ids = ['one', 'two', 'three'].map((text) => bench.add(text).id)
  })
  afterEach(() => bench.close())

  type Method = Parameters<typeof answerQueue>[1]
  const ask = (method: Method, params: object = {}, caller = ann) =>
    answerQueue(bench.whole, method, { threadId: 't', ...params }, caller)
  const input = [{ type: 'text', text: 'new' }]

  it('takes a prompt, with its author', async () => {
    await ask('thread/queue/add', { input, clientUserMessageId: 'c' }, ben)
    expect(bench.queues.describe('t')?.prompts.at(-1)).to.deep.include({ text: 'new', by: ben.author })
  })

  it('is listed in pages', async () => {
    const page = async (params: object) => {
      const { data, nextCursor } = (await ask('thread/queue/list', params)) as Record<string, unknown>
      return [(data as { id: string }[]).map(({ id }) => id), nextCursor]
    }
    expect([await page({ limit: 2 }), await page({ limit: 2, cursor: '2' })]).to.deep.equal([
      [ids.slice(0, 2), '2'],
      [ids.slice(2), null],
    ])
  })

  it('lets a prompt be changed and taken out by its author, or by one who may do everything', async () => {
    const [first, second] = ids
    const refused = [
      await errorOf(ask('thread/queue/delete', { queuedSubmissionId: first }, ben)),
      await errorOf(ask('thread/queue/update', { queuedSubmissionId: first, input }, ben)),
      await errorOf(ask('thread/queue/start', { queuedSubmissionId: first }, ben)),
    ]
    expect(refused.map(({ errorName }) => errorName)).to.deep.equal(['readOnly', 'readOnly', 'readOnly'])
    await ask('thread/queue/update', { queuedSubmissionId: second, input })
    expect(await ask('thread/queue/delete', { queuedSubmissionId: first }, { ...ben, right: 'full' })).to.deep.equal({
      deleted: true,
    })
    expect(await ask('thread/queue/delete', { queuedSubmissionId: first })).to.deep.equal({ deleted: false })
    expect(bench.waiting()).to.deep.equal(['new', 'three'])
  })

  it('is put in another order where all of it is named', async () => {
    await ask('thread/queue/reorder', { queuedSubmissionIds: ids.toReversed() })
    expect(bench.waiting()).to.deep.equal(['three', 'two', 'one'])
    for (const queuedSubmissionIds of [ids.slice(1), [ids[0], ids[0], ids[1]]])
      expect((await errorOf(ask('thread/queue/reorder', { queuedSubmissionIds }))).errorName).to.equal('usage')
  })

  it('is started by hand where no turn runs', async () => {
    expect((await errorOf(ask('thread/queue/start'))).errorName).to.equal('busy')
    bench.queueDrain.close()
    bench.slots.onTurnEnded('t', 'turn-0')
    expect(await ask('thread/queue/start', { queuedSubmissionId: ids[1] })).to.have.nested.property('turn.id', 'turn-1')
    expect([bench.submitted, bench.waiting()]).to.deep.equal([['two'], ['one', 'three']])
  })

  it('is refused for what is wrong, not there, or not shared', async () => {
    const errors = [
      await errorOf(ask('thread/queue/add', { input: [], clientUserMessageId: 'c' })),
      await errorOf(ask('thread/queue/list', { cursor: 'x' })),
      await errorOf(ask('thread/queue/update', { queuedSubmissionId: 'none', input })),
      await errorOf(ask('thread/queue/list', { threadId: 'other' })),
    ]
    expect(errors.map(({ errorName }) => errorName)).to.deep.equal(['usage', 'usage', 'notFound', 'notFound'])
    expect(['thread/queue/add', 'turn/start', 'toString'].map(isQueueMethod)).to.deep.equal([true, false, false])
  })
})

describe('A queued prompt', () => {
  it('is shown with the beginning of its text, and the kind of anything else', () => {
    const row = { id: 'i', clientId: 'c', requestId: 'r', metadata: null, by: ann.author, atMs: 0 }
    const text = (...parts: unknown[]) => describePrompt({ ...row, input: parts }).text
    expect(describePrompt({ ...row, input: [] })).to.deep.equal({
      ...{ id: 'i', text: '', by: ann.author, queuedAt: '1970-01-01T00:00:00.000Z' },
    })
    expect(text({ type: 'text', text: 'See' }, { type: 'localImage' }, 7)).to.equal('See [localImage] ')
    expect(text({ text: 'x'.repeat(501) })).to.equal(`${'x'.repeat(500)}…`)
  })

  it('makes the queue another, which is said in Codex’s words', () => {
    const said = { method: 'thread/queue/changed', params: { threadId: 't' } }
    expect(queueChangedNotification('t')).to.deep.equal(said)
    expect(JSON.parse(queueChangedFrame('t')))
      .to.deep.include(said)
      .and.have.property('emittedAtMs')
  })
})
