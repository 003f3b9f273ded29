/** A shared thread as clients see it. */
import { expect } from 'chai'
import { describeThread } from '../../../../src/daemon/threads/describe-thread.ts'
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

  it('that the ledger does not have is not described', () => {
    expect(() => describeThread(site, 'b')).to.throw('thread b is not shared')
  })
})
