/** Tells those on a thread who comes and who goes, gathered: a crowd that arrives at once would otherwise be told one by one to each. */
import type { DaemonNotificationName, Peer } from '../../protocol/methods.ts'
import type { Channel } from '../../rpc/channel.ts'
import { notificationText } from '../../rpc/json-rpc.ts'

interface Listener {
  readonly peerId: string
  readonly channel: Pick<Channel, 'sendLines' | 'guard'>
}

interface News {
  readonly peerId: string
  readonly line: string
}

const gatherMs = 20

export class PresenceAnnouncer {
  private readonly followers: (threadId: string) => readonly Listener[]
  private readonly news = new Map<string, News[]>()

  constructor(followers: (threadId: string) => readonly Listener[]) {
    this.followers = followers
  }

  /** PresenceAnnouncer passes: it has no id and is not in the ledger. Nobody is told of themselves. */
  announce(threadId: string, change: 'joined' | 'left', peer: Peer): void {
    const method: DaemonNotificationName = 'share/peer'
    const line = `${notificationText(method, { threadId, change, peer })}\n`
    if (this.news.size === 0) setTimeout(() => this.tell(), gatherMs).unref()
    const news = this.news.get(threadId) ?? []
    this.news.set(threadId, news)
    news.push({ peerId: peer.peerId, line })
  }

  private tell(): void {
    for (const [threadId, news] of this.news) {
      const concerned = new Set(news.map(({ peerId }) => peerId))
      const all = linesOf(news)
      for (const { peerId, channel } of this.followers(threadId)) {
        const lines = concerned.has(peerId) ? linesOf(news.filter((one) => one.peerId !== peerId)) : all
        if (lines.length > 0) channel.guard.run(() => channel.sendLines(lines))
      }
    }
    this.news.clear()
  }
}

function linesOf(news: readonly News[]): Buffer {
  return Buffer.from(news.map(({ line }) => line).join(''))
}
