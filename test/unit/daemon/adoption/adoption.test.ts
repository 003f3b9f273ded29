import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { Adoption } from '../../../../src/daemon/adoption/adoption.ts'
import { refuseImpossiblePlace } from '../../../../src/daemon/adoption/control-socket.ts'
import { controlSocketPath } from '../../../../src/platform/places/codex-home.ts'
import { tryFlock } from '../../../../src/platform/system/c-library.ts'
import { darwinSystem } from '../../../../src/platform/system/darwin.ts'
import { silentLog } from '../../../support/sites/thread-site.ts'
import { eventually } from '../../../support/waiting/eventually.ts'

describe('Adopting a plain codex', () => {
  let home: string
  let path: string
  let isReady: boolean
  let adoption: Adoption
  const servers: Server[] = []

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'cs-adopt-'))
    path = controlSocketPath(home)
    isReady = true
    adoption = new Adoption({
      codexHome: () => home,
      hindrance: () => (isReady ? null : 'no app-server'),
      maxConnections: 10,
      ...{ log: silentLog, lookEveryMs: 20, keptMs: 100 },
    })
    adoption.start(async (listener) => {
      listener.serve((socket) => socket.end('served'))
      return listener
    }, false)
  })

  afterEach(async () => {
    await adoption.close()
    for (const server of servers.splice(0)) server.close()
    rmSync(home, { recursive: true })
  })

  /** A server of the user’s own at the path, or elsewhere. */
  const startOwn = async (at = path) => {
    mkdirSync(dirname(at), { recursive: true })
    const server = createServer((socket) => socket.on('error', () => {}).end('own'))
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(at, resolve))
    return server
  }
  const answer = () =>
    new Promise<string>((resolve) => {
      const socket = connect(path)
      socket.on('data', (data) => resolve(String(data)))
      socket.on('error', ({ message }) => resolve(message))
    })
  const becomes = (state: string) => eventually(`it is ${state}`, () => adoption.status.state === state)

  it('is off until it is wanted', async () => {
    expect(adoption.status).to.deep.equal({ path, state: 'off', holder: null, problem: null })
    expect(existsSync(dirname(path))).to.equal(false)
  })

  it('binds a socket that only its user may use, in a folder like Codex’s, and takes it away again', async () => {
    expect(await adoption.set(true)).to.deep.equal({ path, state: 'listening', holder: process.pid, problem: null })
    expect([lstatSync(path).isSocket(), lstatSync(path).mode & 0o777]).to.deep.equal([true, 0o600])
    expect(statSync(dirname(path)).mode & 0o777).to.equal(0o700)
    expect(await answer()).to.equal('served')
    expect(await adoption.set(false)).to.include({ state: 'off', holder: null })
    expect(existsSync(path)).to.equal(false)
  })

  it('closes a folder that is open to others', async () => {
    mkdirSync(dirname(path))
    chmodSync(dirname(path), 0o755)
    await adoption.set(true)
    expect(statSync(dirname(path)).mode & 0o777).to.equal(0o700)
  })

  it('leaves a server of the user’s own alone, and takes its place when it ends', async () => {
    const own = await startOwn()
    expect(await adoption.set(true)).to.include({ state: 'foreign', holder: process.pid })
    expect(await answer()).to.equal('own')
    own.close()
    await becomes('listening')
    expect(await answer()).to.equal('served')
  })

  it('replaces a link that leads nowhere, and never one behind which somebody listens', async () => {
    const elsewhere = join(home, 'elsewhere.sock')
    mkdirSync(dirname(path), { recursive: true })
    symlinkSync(elsewhere, path)
    const own = await startOwn(elsewhere)
    expect((await adoption.set(true)).state).to.equal('foreign')
    own.close()
    await becomes('listening')
    expect(lstatSync(path).isSocket()).to.equal(true)
  })

  it('waits while something else is in the way, and says what', async () => {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, 'precious')
    const { state, problem } = await adoption.set(true)
    expect([state, problem]).to.deep.equal(['waiting', `${path} is a file and not a socket`])
    rmSync(path)
    await becomes('listening')
  })

  for (const name of ['app-server-daemon/daemon.lock', 'app-server-control/app-server-startup.lock'])
    it(`waits while a Codex that starts a server has ${name}`, async () => {
      const file = join(home, name)
      mkdirSync(dirname(file))
      const lock = openSync(file, 'a')
      expect(tryFlock(lock)).to.equal(true)
      expect(await adoption.set(true)).to.include({
        state: 'waiting',
        problem: 'Codex is starting a server of its own',
      })
      closeSync(lock)
      await becomes('listening')
      // And keeps nobody from them afterwards.
      const again = openSync(file, 'a')
      expect(tryFlock(again)).to.equal(true)
      closeSync(again)
    })

  it('does not take the place back from who has taken it', async () => {
    await adoption.set(true)
    rmSync(path)
    await startOwn()
    await becomes('foreign')
    await adoption.set(false)
    expect(await answer()).to.equal('own')
  })

  it('takes the place again when the path was removed', async () => {
    await adoption.set(true)
    rmSync(path)
    await eventually('it is there again', () => existsSync(path))
    expect(await answer()).to.equal('served')
  })

  it('waits for the app-server, and gives the place back when that stays away', async () => {
    isReady = false
    // A look that is underway has seen it ready.
    await adoption.set(false)
    expect(await adoption.set(true)).to.include({ state: 'waiting', holder: null, problem: 'no app-server' })
    expect(existsSync(path)).to.equal(false)
    isReady = true
    await becomes('listening')
    isReady = false
    await becomes('waiting')
    expect(existsSync(path)).to.equal(false)
  })

  it('is given up with the daemon', async () => {
    await adoption.set(true)
    await adoption.close()
    expect(existsSync(path)).to.equal(false)
  })

  it('is refused where it was never run, and where the path is too long for a socket', () => {
    expect(() => refuseImpossiblePlace(home, darwinSystem())).to.throw(/only ever run on Linux/)
    expect(() => refuseImpossiblePlace(`/${'x'.repeat(60)}`)).to.throw(/bytes, and \d+ are the most/)
  })
})
