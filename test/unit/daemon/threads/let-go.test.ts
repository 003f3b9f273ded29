/** Letting a thread go that is not shared any more. */
import { expect } from 'chai'
import { letGo } from '../../../../src/daemon/threads/let-go.ts'
import {
  linkOf,
  openable,
  openThreadSite,
  type TableLink,
  type ThreadSite,
  threadOf,
} from '../../../support/sites/thread-site.ts'

describe('Letting a thread go', () => {
  let site: ThreadSite
  let link: TableLink
  beforeEach(async () => {
    link = linkOf({ ...openable(threadOf('a')), 'thread/unsubscribe': {} })
    site = await openThreadSite(link)
  })
  afterEach(() => site.close())

  /** A peer that follows the thread; what it is sent is listed. */
  const follower = (threadId: string, sent: string[]) => {
    const rpc = { notify: (method: string, { threadId: of }: { threadId: string }) => sent.push(`${method} ${of}`) }
    const channel = { guard: { run: (work: () => void) => work() } }
    const peer = site.peers.add({
      ...{ channel, identity: { kind: 'own', pid: 1 }, granted: 'read' },
      ...{ homeInUse: () => '/', makeRpc: () => rpc },
    } as never)
    site.peers.addFollower(peer, threadId, { end: () => sent.push(`end ${threadId}`) } as never)
    sent.length = 0
  }

  it('ends the following in Codex and of each peer, which are notified', async () => {
    await site.directory.follow('a')
    const [first, other]: [string[], string[]] = [[], []]
    follower('b', other)
    follower('a', first)
    letGo(site, 'a')
    expect(link.asked).to.include('thread/unsubscribe a')
    expect(first.filter((step) => !step.startsWith('share/peer'))).to.deep.equal(['share/closed a', 'end a'])
    expect(other).to.deep.equal([])
    expect([
      site.threadSync.isFollowed('a'),
      site.peers.followers('a'),
      site.peers.followers('b').length,
    ]).to.deep.equal([false, [], 1])
  })

  it('asks nothing of Codex where the thread is not followed', () => {
    letGo(site, 'a')
    expect(link.asked).to.deep.equal([])
  })
})
