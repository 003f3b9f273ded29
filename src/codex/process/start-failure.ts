/** Says why an app-server did not come up, and what to do about it. Text is looked at for advice only, never to decide. */
import { ShareError } from '../../protocol/errors.ts'

export interface StartFailureFacts {
  /** The program that was to run. */
  readonly path: string
  readonly logPath: string
  /** What happened, as in "exited with code 1". */
  readonly what: string
  /** The last lines of its output. */
  readonly lines: readonly string[]
  readonly cause?: unknown
}

const advice: readonly (readonly [RegExp, string])[] = [
  [
    /\bENOENT\b/,
    'The binary is gone, or the folder it was to start in: install Codex again, or name the binary with --codex-bin.',
  ],
  [/\bEACCES\b/, 'The binary is not executable: chmod +x it, or name another with --codex-bin.'],
  [/\bENOEXEC\b|Exec format error/, 'The binary is for another kind of machine: install Codex for this one.'],
  [/Read-only file system|Permission denied/, 'Make the Codex home folder writable, or set CODEX_HOME to one that is.'],
  [/CODEX_HOME points to/, 'Correct or unset CODEX_HOME, or make that folder.'],
  [
    // Elsewhere Codex makes its home; below a temporary folder its app-server does not, and says no more than this.
    /No such file or directory \(os error 2\)/,
    'The Codex home folder is probably missing: mkdir -p ~/.codex, or set CODEX_HOME to one that is there.',
  ],
  [
    /config\.toml|[Ii]nvalid configuration/,
    'Correct config.toml in the Codex home folder; `codex doctor` shows what is wrong.',
  ],
  [
    /socket is already in use/,
    'Another Codex app-server listens there: stop it, or set CODEX_SHARE_RUNTIME_DIR to another folder.',
  ],
  [/exists and is not a socket/, 'Something else is in the place of the socket: look at it, and move it away.'],
  [/[Nn]ot logged in|\b401\b|[Uu]nauthorized/, 'Log in with `codex login`.'],
  [/No space left|\bENOSPC\b/, 'Free some disk space.'],
]

/** The error of a start that failed: what happened, the app-server's own last words, advice where the cause is well known. */
export function startFailure({ path, logPath, what, lines, cause }: StartFailureFacts): ShareError {
  // A stack without names helps nobody here; it is in the log.
  const telling = lines.filter((line) => !/^\s*(?:Stack backtrace:|\d+: <unknown>)/.test(line)).slice(-5)
  const text = telling.join('\n')
  const message = `The Codex app-server did not start: ${path} ${what}.${text && `\n${text}`}`
  const found = advice.find(([pattern]) => pattern.test(`${what}\n${text}`))
  return new ShareError('unavailable', message, {
    hint: `${found ? `${found[1]} ` : ''}The whole output is in ${logPath}.`,
    facts: { log: logPath },
    cause,
  })
}
