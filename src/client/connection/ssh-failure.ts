/** What the end of ssh means. One exit code stands for many failures, so that here, and only here, the words are looked at. */
import { ShareError } from '../../protocol/errors.ts'
import type { SshEndpoint } from './ssh-endpoint.ts'

export interface SshEnd {
  readonly endpoint: SshEndpoint
  /** Of ssh, which is that of the command there; 255 is ssh's own, null when it could not be run or was killed. */
  readonly code: number | null
  readonly signal: string | null
  /** What it wrote to stderr. */
  readonly said: string
}

/** Patterns of OpenSSH's messages, with what to do. The first that fits counts. */
const hints: readonly (readonly [RegExp, string, string])[] = [
  [/Could not resolve hostname/i, 'the host is not known', 'Check the name, or your ssh config.'],
  [
    /REMOTE HOST IDENTIFICATION HAS CHANGED/i,
    'its host key is not the one that is known',
    'Find out why it changed; then remove the old one with `ssh-keygen -R HOST` and connect once by hand.',
  ],
  [
    /Host key verification failed/i,
    'its host key is not known here yet',
    'Connect once by hand with `ssh` and compare the key.',
  ],
  [
    /Permission denied/i,
    'the login was refused',
    'Try `ssh` by hand: keys, user name and agent must work without a question.',
  ],
  [/Connection refused/i, 'no ssh server answers there', 'Check the port, and whether sshd runs there.'],
  [
    /timed out|not responding|No route to host|unreachable/i,
    'the host cannot be reached',
    'Check the network, then try again.',
  ],
]

/** A session without a login has a PATH of its own; on a Mac it has the system's folders alone, and nothing of Homebrew's. */
const pathThere =
  "set PATH for all its shells (on a Mac in ~/.zshenv), or name it from here, such as CODEX_SHARE_SSH_PROGRAM='env PATH=/opt/homebrew/bin:/usr/bin:/bin codex-share'."

/** What codex-share, or the shell that was to run it, ends with. The first that fits counts. */
const endings: readonly {
  readonly code: number
  readonly words: RegExp
  readonly what: string
  readonly hint: string
}[] = [
  {
    // The first line of the program asks `env` for Node.
    code: 127,
    words: /\benv: .*\bnode\b/,
    what: 'codex-share is there, and its Node is not on the PATH that ssh has',
    hint: `Find its folder with \`command -v node\` in a terminal there; then ${pathThere}`,
  },
  {
    code: 127,
    words: /^/,
    what: 'codex-share is not installed there, or not on the PATH that ssh has',
    hint: `Find its folder with \`command -v codex-share\` in a terminal there, or install it; then ${pathThere}`,
  },
  {
    code: 126,
    words: /^/,
    what: 'codex-share may not be run there',
    hint: 'Look at it there: `ls -l` with the path that CODEX_SHARE_SSH_PROGRAM names, or with that of `command -v codex-share`.',
  },
  {
    code: 1,
    words: /codex-share needs Node [\d.]+ or newer/,
    what: 'the Node there is too old for codex-share',
    hint: `Install a newer one there. Where it has one that ssh does not find, ${pathThere}`,
  },
]

export function sshFailure({ endpoint, code, signal, said }: SshEnd): ShareError {
  const words = lastWords(said)
  const failed = (what: string, hint: string) =>
    new ShareError('unavailable', `cannot reach ${endpoint.name}: ${what}${words === '' ? '' : ` (${words})`}`, {
      facts: { endpoint: endpoint.name },
      hint,
    })
  if (code === null && /ENOENT/.test(said)) return failed('there is no `ssh` here', 'Install OpenSSH’s client.')
  if (code === null) return failed(`ssh was ended by ${signal}`, 'Try again.')
  if (code === 0) return failed('the daemon there closed the connection', 'Try again.')
  if (code === 255) {
    const [, what, hint] = hints.find(([pattern]) => pattern.test(said)) ?? []
    return failed(what ?? 'ssh failed', hint ?? 'Try the same with `ssh` by hand.')
  }
  const ending = endings.find((ending) => ending.code === code && ending.words.test(said))
  if (ending) return failed(ending.what, ending.hint)
  return failed(`codex-share there ended with exit code ${code}`, 'Run `codex-share doctor` on that machine.')
}

/** Without the banners and warnings that may come before. */
function lastWords(said: string): string {
  const lines = said.split('\n').map((line) => line.trim())
  return lines
    .filter((line) => line !== '')
    .slice(-2)
    .join(' ')
}
