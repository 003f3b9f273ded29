/** The supervisor of the app-server, as the rest of the program sees it. */
import type { AppServerLink } from '../link/app-server-link.ts'
import { type AppServerState, LinkKeeper, type LinkKeeperOptions } from './link-keeper.ts'
import type { AppServerInfo } from './link-watch.ts'

export interface Supervisor {
  readonly state: AppServerState
  readonly link: AppServerLink | undefined
  readonly info: AppServerInfo | undefined
  /** Path of the program that runs, or else of the one that was found to be started; null where neither is known. */
  readonly binary: string | null
  /** Failed tries since the last link that lasted. */
  readonly failures: number
  /** What is wrong, for people; null when nothing is. */
  readonly problem: string | null
  /** Why no turn can run although the link stands: no account, or a broken config.toml; null when nothing hinders. */
  readonly hindrance: string | null
  /** Call when the app-server has said that it is draining; it is asked nothing for that. */
  noteDraining(): void
  /** Ends the wait before the next try. */
  retryNow(): void
  /**
   * Ends the app-server and starts the next, with the Codex that is found now; until that is linked to there is no link. `mayEnd` is
   * asked while the link is withheld from all others: where it says no, all stays as it is, and the result is false.
   *
   * @throws ShareError `unavailable` when no Codex is there to be started, and nothing has changed; or when the next did not start
   */
  replace(mayEnd: (link: AppServerLink) => Promise<boolean>): Promise<boolean>
  /** Ends the keeping; the app-server runs on by default, or is stopped in bounded steps. Idempotent. */
  close(options?: { readonly stopAppServer?: boolean }): Promise<void>
}

/** Starts keeping; returns at once, and reports by the events. */
export function startSupervisor(options: LinkKeeperOptions): Supervisor {
  return new LinkKeeper(options)
}
