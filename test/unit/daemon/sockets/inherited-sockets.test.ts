/** Which sockets were handed over, and for whom. */
import { expect } from 'chai'
import { listeningPaths, takeInheritedSockets } from '../../../../src/daemon/sockets/inherited-sockets.ts'

describe('Sockets from a service manager', () => {
  it('are found by the path that the kernel knows, among those that listen', () => {
    const table = `Num       RefCount Protocol Flags    Type St Inode Path
0000000000000000: 00000002 00000000 00010000 0001 01 4242 /run/user/1/codex-share/daemon.sock
0000000000000000: 00000002 00000000 00010000 0001 01   17 /run/a b/codex.sock
0000000000000000: 00000003 00000000 00000000 0001 03 4343 /run/user/1/codex-share/daemon.sock
0000000000000000: 00000002 00000000 00010000 0001 01 4444 @abstract
0000000000000000: 00000003 00000000 00000000 0001 03 4545
`
    expect([...listeningPaths(table)]).to.deep.equal([
      ['4242', '/run/user/1/codex-share/daemon.sock'],
      ['17', '/run/a b/codex.sock'],
    ])
  })

  it('are not taken when they are meant for another process, and the variables go in any case', () => {
    const env = { LISTEN_PID: '1', LISTEN_FDS: '2', LISTEN_FDNAMES: 'a:b', PATH: '/bin' }
    expect(takeInheritedSockets(env, 2).size).to.equal(0)
    expect(env).to.deep.equal({ PATH: '/bin' })
    expect(takeInheritedSockets({}, 2).size).to.equal(0)
    expect(takeInheritedSockets({ LISTEN_PID: '2', LISTEN_FDS: 'many' }, 2).size).to.equal(0)
  })
})
