/** What keeps a running app-server from doing its work: no account, or a config.toml that it could not read. */

import { messageOf } from '../../protocol/errors.ts'
import type { UpstreamNotification } from '../decoding/decode-notification.ts'
import type { Account } from '../decoding/upstream-types.ts'
import type { AppServerLink } from './app-server-link.ts'

const timeoutMs = 10_000

export class AppServerHealth {
  readonly #again: string
  readonly #notLoggedIn: string
  #account: string | null = null
  #accountProblem: string | null = null
  #configProblem: string | null = null

  /**
   * `again` says what starts the app-server anew: the running one does not notice a login from outside (tried with 0.169), as it reads
   * account and settings when it starts.
   */
  constructor(again = 'run `codex-share daemon restart --app-server`') {
    this.#again = again
    this.#notLoggedIn = `Codex is not logged in: run \`codex login\`, then ${again}.`
  }

  /** For people: the e-mail address, `apiKey`, or the kind of account; null without one. */
  get account(): string | null {
    return this.#account
  }

  /** With what to do about it; null when nothing is wrong. A broken config goes first: without it, accounts are not known either. */
  get problem(): string | null {
    return this.#configProblem ?? this.#accountProblem
  }

  /** The problem, when no turn can run because of it. */
  get hindrance(): string | null {
    return this.#configProblem ?? (this.#accountProblem === this.#notLoggedIn ? this.#notLoggedIn : null)
  }

  /** Forgets what an earlier link said; every link says it again. */
  reset(): void {
    this.#account = this.#accountProblem = this.#configProblem = null
  }

  /**
   * Takes note of a notification; true when the account is to be asked for again.
   *
   * Codex starts with its defaults when config.toml is broken and refuses every thread later. Of its warnings that one has details;
   * the ones without (such as a missing sandbox helper) are no hindrance.
   */
  take({ effect }: UpstreamNotification): boolean {
    if (effect.kind === 'configWarned' && effect.details !== null) {
      this.#configProblem = `${effect.summary} ${effect.details} Correct it, then ${this.#again}: the app-server reads it when it starts.`
    }
    return effect.kind === 'accountChanged'
  }

  /** Asks for the account. No answer is no hindrance by itself: a turn will say what is wrong. */
  async readAccount(link: AppServerLink): Promise<void> {
    try {
      const { account, requiresOpenaiAuth } = await link.request('account/read', {}, { timeoutMs })
      this.#account = account && labelOf(account)
      this.#accountProblem = account === null && requiresOpenaiAuth ? this.#notLoggedIn : null
    } catch (error) {
      this.#accountProblem = `Codex does not tell its account (${messageOf(error)}).`
    }
  }
}

function labelOf(account: Account): string {
  return account.type === 'chatgpt' ? (account.email ?? 'chatgpt') : account.type
}
