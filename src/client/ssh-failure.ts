/** What the end of ssh means. ssh has one exit code for all of its own failures, so that here, and only here, its words are looked at. */
import { ShareError } from '../protocol/errors.ts'
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

const missing =
  'Install codex-share there, in a place that ssh finds without a login shell (`ssh HOST command -v codex-share`), or give its path with CODEX_SHARE_SSH_PROGRAM.'

export function sshFailure({ endpoint, code, signal, said }: SshEnd): ShareError {
  const words = lastWords(said)
  const failed = (what: string, hint: string) =>
    new ShareError('unavailable', `cannot reach ${endpoint.name}: ${what}${words === '' ? '' : ` (${words})`}`, {
      facts: { endpoint: endpoint.name },
      hint,
    })
  if (code === null && /ENOENT/.test(said)) return failed('there is no `ssh` here', 'Install OpenSSH’s client.')
  if (code === null) return failed(`ssh was ended by ${signal}`, 'Try again.')
  if (code === 127) return failed('codex-share is not installed there, or not on the PATH', missing)
  if (code === 0) return failed('the daemon there closed the connection', 'Try again.')
  if (code !== 255)
    return failed(`codex-share there ended with exit code ${code}`, 'Run `codex-share doctor` on that machine.')
  const [, what, hint] = hints.find(([pattern]) => pattern.test(said)) ?? []
  return failed(what ?? 'ssh failed', hint ?? 'Try the same with `ssh` by hand.')
}

/** Without the banners and warnings that may come before. */
function lastWords(said: string): string {
  const lines = said.split('\n').map((line) => line.trim())
  return lines
    .filter((line) => line !== '')
    .slice(-2)
    .join(' ')
}
