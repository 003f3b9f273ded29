/** What the end of ssh is told as. */
import { expect } from 'chai'
import type { SshEndpoint } from '../../src/client/ssh-endpoint.ts'
import { sshFailure } from '../../src/client/ssh-failure.ts'

const endpoint: SshEndpoint = {
  kind: 'ssh',
  name: 'ssh://build',
  destination: 'build',
  port: null,
  path: null,
}
const told = (code: number | null, said: string) =>
  sshFailure({ endpoint, code, signal: null, said }).message.replace(/^cannot reach ssh:\/\/build: | \(.*/gs, '')

describe('the end of ssh', () => {
  it('is told apart by what ssh says', () => {
    expect([
      told(255, 'ssh: Could not resolve hostname build: Name or service not known'),
      told(
        255,
        'No ED25519 host key is known for build and you have requested strict checking.\nHost key verification failed.',
      ),
      told(255, '@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.'),
      told(255, 'me@build: Permission denied (publickey).'),
      told(255, 'ssh: connect to host build port 22: Connection refused'),
      told(127, 'sh: codex-share: not found'),
    ]).to.deep.equal([
      'the host is not known',
      'its host key is not known here yet',
      'its host key is not the one that is known',
      'the login was refused',
      'no ssh server answers there',
      'codex-share is not installed there, or not on the PATH',
    ])
  })
})
