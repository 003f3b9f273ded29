/**
 * The refusal and the notice for a caller whose CODEX_HOME is not the one that the daemon's Codex works with: it reads, and does not act.
 */
import { ShareError } from './errors.ts'
import { shellWord } from './text/shell-word.ts'

/** Two folders, as real paths. */
export interface OtherHome {
  readonly caller: string
  readonly daemon: string
}

/** Of what was asked; its threads, its login and its settings would be another home's. */
export function otherHomeError(what: string, { caller, daemon }: OtherHome): ShareError {
  return new ShareError(
    'denied',
    `${what} is refused: the daemon’s Codex works with CODEX_HOME=${shellWord(daemon)}, and this environment means ${caller}`,
    {
      facts: { codexHome: { caller, daemon } },
      hint: `From here you can read. To act, run it with CODEX_HOME=${shellWord(daemon)}; \`codex-share daemon restart --app-server\` moves the daemon to ${caller} instead.`,
    },
  )
}

export function otherHomeNotice({ caller, daemon }: OtherHome): string {
  return `Read-only: the daemon’s Codex works with CODEX_HOME=${shellWord(daemon)}, and this environment means ${caller}.`
}
