/** Writes what a person on stderr must know of a thread that is followed, besides its events. */
import type { FollowEntry } from '../../client/following/inbox.ts'
import { visibleLine } from '../../protocol/text/visible-text.ts'

/** Each once: a daemon that comes back repeats what is still so. */
export class FollowNotices {
  private readonly notice: (text: string) => void
  private problem: string | null = null

  constructor(notice: (text: string) => void) {
    this.notice = notice
  }

  observe(entries: readonly FollowEntry[]): void {
    for (const entry of entries) {
      if (entry.kind === 'closed') this.notice('The thread is no longer shared.')
      if (entry.kind === 'ledger') this.observeProblem(entry.problem)
    }
  }

  private observeProblem(problem: string | null): void {
    if (problem !== null && this.problem === null)
      this.notice(`${visibleLine(problem)}. Events wait in the daemon until it can.`)
    if (problem === null && this.problem !== null) this.notice('The ledger can be written again.')
    this.problem = problem
  }
}
