/** Reaches a daemon on another machine: OpenSSH runs `codex-share proxy` there, and its stdin and stdout are the connection. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { messageOf } from '../../protocol/errors.ts'
import { shellWord } from '../../protocol/text/shell-word.ts'
import { StreamChannel } from '../../rpc/stream-channel.ts'
import type { SshEndpoint } from './ssh-endpoint.ts'
import { sshFailure } from './ssh-failure.ts'

/** A dead line is noticed after this many seconds, so many times. */
const aliveSeconds = 5
const aliveTries = 2
const keptBytes = 8192

/** Returns at once; whether it works shows with the first answer. The reason of the channel's end is a ShareError. */
export function connectSsh(endpoint: SshEndpoint, env: NodeJS.ProcessEnv = process.env): StreamChannel {
  const ssh = spawn('ssh', sshArguments(endpoint, { env, interactive: process.stdin.isTTY === true }), {
    stdio: ['pipe', 'pipe', 'pipe'],
    env,
  })
  let said = ''
  ssh.stderr.on('data', (bytes: Buffer) => {
    said = (said + bytes.toString('utf8')).slice(-keptBytes)
  })
  let closing = false
  const ended = (async () => {
    try {
      // `close` and not `exit`: only then has all that it said been read.
      const [code, signal]: unknown[] = await once(ssh, 'close')
      if (closing) return new Error('the channel was closed')
      return sshFailure({ endpoint, code: typeof code === 'number' ? code : null, signal: String(signal), said })
    } catch (error) {
      return sshFailure({
        endpoint,
        code: null,
        signal: null,
        said: messageOf(error),
      })
    }
  })()
  return new StreamChannel({
    input: ssh.stdout,
    output: ssh.stdin,
    ended,
    end: () => {
      closing = true
      // The proxy ends with its stdin; what was written goes out before.
      ssh.stdin.end()
      ssh.kill('SIGTERM')
    },
  })
}

interface SshSurroundings {
  readonly env: NodeJS.ProcessEnv
  /** Somebody is there to be asked for a password. */
  readonly interactive: boolean
}

/** The user's own ssh config still holds for everything that is not named here. */
export function sshArguments(
  { destination, port, path }: SshEndpoint,
  { env, interactive }: SshSurroundings,
): string[] {
  // Words for the shell there, such as `env PATH=… codex-share`.
  const program = env.CODEX_SHARE_SSH_PROGRAM || 'codex-share'
  return [
    '-T',
    ...(port === null ? [] : ['-p', port]),
    ...option('ServerAliveInterval', aliveSeconds),
    ...option('ServerAliveCountMax', aliveTries),
    ...option('ConnectTimeout', 10),
    ...option('BatchMode', interactive ? 'no' : 'yes'),
    '--',
    destination,
    [program, 'proxy', ...(path === null ? [] : ['--socket', shellWord(path)])].join(' '),
  ]
}

function option(name: string, value: string | number): string[] {
  return ['-o', `${name}=${value}`]
}
