/** Shows the person who waits for a turn that the turn waits for an answer, what is asked in full, and how to give it. */
import { setTimeout as delay } from 'node:timers/promises'
import type { DaemonLink } from '../../client/daemon-link.ts'
import type { FollowEntry } from '../../client/following/inbox.ts'
import type { Approval } from '../../protocol/approvals.ts'
import { listOf, memberOf } from '../../protocol/json/read-json.ts'

interface ApprovalWatchOptions {
  readonly link: DaemonLink
  readonly threadId: string
  readonly onApproval: (approval: Approval) => void
}

/** The question itself may reach the daemon a moment after the news that one is there. */
const tries = 20
const pauseMs = 50

export class ApprovalWatch {
  private readonly options: ApprovalWatchOptions
  private readonly shown = new Set<string>()

  constructor(options: ApprovalWatchOptions) {
    this.options = options
  }

  /** Looks at what a turn brought; what is asked is shown a moment later. */
  observe(entries: readonly FollowEntry[]): void {
    const waits = entries.some((entry) => {
      if (entry.kind === 'attached') return entry.turn?.waitingOnApproval === true
      if (entry.kind !== 'event') return false
      const { method, params } = entry.parse()
      return method === 'thread/status/changed' && waitsForSomeone(params.status)
    })
    // Only in passing: the turn itself is followed by others, and they say when the connection is lost.
    if (waits) this.showNew().catch(() => {})
  }

  private async showNew(): Promise<void> {
    const { link, threadId, onApproval } = this.options
    for (let left = tries; left > 0; left -= 1) {
      const client = await link.client()
      const { approvals } = await client.call('share/approvals', { threadId })
      for (const approval of approvals) {
        if (this.shown.has(approval.approvalId)) continue
        this.shown.add(approval.approvalId)
        onApproval(approval)
      }
      if (approvals.length > 0) return
      await delay(pauseMs)
    }
  }
}

function waitsForSomeone(status: unknown): boolean {
  const flags = listOf(memberOf(status, 'activeFlags'))
  return flags.includes('waitingOnApproval') || flags.includes('waitingOnUserInput')
}
