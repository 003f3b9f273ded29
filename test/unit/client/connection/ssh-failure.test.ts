/** What the end of ssh is told as. */
import { expect } from 'chai'
import type { SshEndpoint } from '../../../../src/client/connection/ssh-endpoint.ts'
import { sshFailure } from '../../../../src/client/connection/ssh-failure.ts'

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
    ]).to.deep.equal([
      'the host is not known',
      'its host key is not known here yet',
      'its host key is not the one that is known',
      'the login was refused',
      'no ssh server answers there',
    ])
  })

  it('is told apart by what the shell or the program there says, in the words of each of them', () => {
    const noProgram = 'codex-share is not installed there, or not on the PATH that ssh has'
    for (const words of [
      '/bin/sh: 1: codex-share: not found',
      'bash: line 1: codex-share: command not found',
      'zsh:1: command not found: codex-share',
      'zsh:1: no such file or directory: /opt/homebrew/bin/codex-share',
      'fish: Unknown command: codex-share',
      '',
    ])
      expect(told(127, words), words).to.equal(noProgram)
    const noNode = 'codex-share is there, and its Node is not on the PATH that ssh has'
    for (const words of [
      'env: node: No such file or directory',
      '/usr/bin/env: ‘node’: No such file or directory',
      "env: can't execute 'node': No such file or directory",
      'env: node: Datei oder Verzeichnis nicht gefunden',
    ])
      expect(told(127, words), words).to.equal(noNode)
    expect([
      told(126, 'zsh:1: permission denied: /opt/homebrew/bin/codex-share'),
      told(
        1,
        'Error: codex-share needs Node 22.14 or newer, and this is v18.20.4 (/usr/bin/node). Install a newer one.',
      ),
      told(1, 'Error: something else'),
    ]).to.deep.equal([
      'codex-share may not be run there',
      'the Node there is too old for codex-share',
      'codex-share there ended with exit code 1',
    ])
  })
})
