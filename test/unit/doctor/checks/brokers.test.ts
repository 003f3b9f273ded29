/** Which brokers the doctor finds, on real sockets. */
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { brokerPlaces } from '../../../../src/doctor/broker-places.ts'
import { type Broker, findBrokers, judgeBrokers } from '../../../../src/doctor/checks/brokers.ts'

describe('The doctor, in search of brokers', () => {
  let home: string
  const servers: Server[] = []
  const at = (path: string) => join(home, path)

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'cs-brokers-'))
  })
  afterEach(async () => {
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve))
    rmSync(home, { recursive: true })
  })

  async function listen(path: string): Promise<string> {
    if (!path.startsWith('\0')) mkdirSync(dirname(path), { recursive: true })
    const server = createServer((socket) => socket.end()).listen(path)
    servers.push(server)
    await new Promise((resolve) => server.once('listening', resolve))
    return path
  }

  /** Of those of this machine itself nothing is known here. */
  const inHome = (found: readonly Broker[]) =>
    found
      .map(({ name, sockets }) => [name, sockets.filter((path) => path.includes(home)).sort()] as const)
      .filter(([, sockets]) => sockets.length > 0)

  it('finds those that answer, each kind where it is kept', async () => {
    const env = {
      XDG_RUNTIME_DIR: at('run'),
      TMUX_TMPDIR: at('tmux'),
      TMUX: `${at('tmux/own')},1,0`,
      DBUS_SESSION_BUS_ADDRESS: `unix:guid=7,abstract=${home}/bus;unix:path=${at('dbus%20bus')}`,
      DOCKER_HOST: `unix://${at('docker.sock')}`,
    }
    const expected = [
      ['a tmux server', [at('tmux/own'), at('tmux/tmux-77/default'), at('tmux/tmux-77/work')]],
      ['GNU screen', [at('.screen/1.pts')]],
      ['Zellij', [at('run/zellij/contract_version_1/session')]],
      ['your D-Bus session bus, and what it starts', [`\0${home}/bus`, at('dbus bus'), at('run/bus')]],
      ['your systemd', [at('run/systemd/private')]],
      ['Docker', [at('docker.sock')]],
      ['Podman', [at('run/podman/podman.sock')]],
    ]
    for (const path of expected.flatMap(([, paths]) => paths ?? [])) await listen(path)
    expect(inHome(await findBrokers({ env, uid: 77, name: 'anna', home }))).to.deep.equal(expected)
  })

  it('passes over what is no socket, what nobody answers at, and the same one by another name', async () => {
    const folder = at('tmux/tmux-77')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'file'), '')
    // A server that closes takes its socket with it, unless that is elsewhere by then.
    const left = await listen(at('left'))
    renameSync(left, join(folder, 'left'))
    await new Promise((resolve) => servers.pop()?.close(resolve))
    await listen(join(folder, 'default'))
    symlinkSync(join(folder, 'default'), join(folder, 'link'))
    const [tmux] = await findBrokers({ env: { TMUX_TMPDIR: at('tmux') }, uid: 77, name: undefined, home })
    const seen = (tmux?.sockets ?? []).map((path) => realpathSync(path))
    expect(seen).to.deep.equal([realpathSync(join(folder, 'default'))])
  })

  it('looks for tmux in /tmp, and for nothing in relative places', () => {
    const kinds = brokerPlaces({
      env: { TMUX_TMPDIR: 'here', TMUX: '', DOCKER_HOST: 'tcp://x:1' },
      uid: 77,
      name: 'anna',
      home: '/home/anna',
    })
    const [tmux, screen] = kinds
    expect(tmux).to.deep.equal({ name: 'a tmux server', sockets: [], folders: ['/tmp/tmux-77'] })
    expect(screen?.folders).to.deep.equal(['/run/screen/S-anna', '/tmp/screens/S-anna', '/home/anna/.screen'])
    expect(kinds.find(({ name }) => name === 'Docker')?.sockets).not.to.include('tcp://x:1')
  })

  it('notes one line a kind, which is no warning', () => {
    const seen = judgeBrokers([
      { name: 'a tmux server', sockets: ['/tmp/tmux-1/default', '/tmp/tmux-1/work'] },
      { name: 'GNU screen', sockets: [] },
    ])
    expect(seen).to.deep.equal([
      {
        level: 'note',
        what: 'a tmux server can be asked to run commands (/tmp/tmux-1/default and 1 more)',
        why: 'Only where a thread’s sandbox has network access: a command of its agent can connect there, and what is run for it is outside the sandbox and may use the daemon.',
        fix: 'Leave `network_access` off in such threads, or stop it while they work.',
      },
    ])
    expect(judgeBrokers([]).map(({ level }) => level)).to.deep.equal(['ok'])
  })
})
