/** A shared thread as clients see it. */
import { expect } from 'chai'
import { describeShared, describeThread } from '../../../../src/daemon/threads/describe-thread.ts'
import { openThreadSite, share, type ThreadSite } from '../../../support/sites/thread-site.ts'

describe('A shared thread', () => {
  let site: ThreadSite
  beforeEach(async () => {
    site = await openThreadSite()
    share(site, 'a', 'one')
  })
  afterEach(() => site.close())

  it('is described by what the ledger has of it', () => {
    const { openedAt, updatedAt, ...rest } = describeThread(site, 'a')
    expect([openedAt, updatedAt].map((at) => Number.isNaN(Date.parse(at)))).to.deep.equal([false, false])
    expect(rest).to.deep.equal({
      ...{ threadId: 'a', name: 'one', cwd: '/', preview: null },
      ...{ head: 0, peers: 0, turn: null },
    })
  })

  it('has its turn, its queue, where it is open, and that it was put away, where there is any of it', () => {
    const by = { label: 'ci', kind: 'script', pid: 1 } as const
    site.slots.onTurnStarted('a', 't1', 1, by)
    site.queues.add('a', { clientId: 'c1', input: [], metadata: null, by })
    site.ledger.threads.setArchived('a', true)
    site.gateway.isInUserServer = () => true
    const { turn, queue, archived, openIn } = describeThread(site, 'a')
    expect([turn?.turnId, queue !== undefined, archived, openIn]).to.deep.equal(['t1', true, true, 'codex'])
  })

  it('is described in the list of all as by itself, without being asked for one by one', () => {
    const by = { label: 'ci', kind: 'script', pid: 1 } as const
    for (let index = 0; index < 20; index += 1) share(site, `t${index}`, `name ${index}`)
    site.queues.add('t7', { clientId: 'c1', input: [], metadata: null, by })
    site.slots.onTurnStarted('t8', 'turn', 1, by)
    const oneByOne = site.ledger.threads.listOpen().map(({ threadId }) => describeThread(site, threadId))
    const asked: string[] = []
    const { threads, queue } = site.ledger
    const list = queue.list.bind(queue)
    threads.get = () => expect.fail('the row of each thread was read')
    queue.list = (threadId) => {
      asked.push(threadId)
      return list(threadId)
    }
    site.peers.count = () => expect.fail('the peers of each thread were counted')
    expect(describeShared(site)).to.deep.equal(oneByOne)
    expect([...new Set(asked)]).to.deep.equal(['t7'])
  })

  it('that the ledger does not have is not described', () => {
    expect(() => describeThread(site, 'b')).to.throw('thread b is not shared')
  })
})
