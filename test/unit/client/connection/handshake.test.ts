/** Reaching a daemon, and refusing one that does not fit. */
import { expect } from 'chai'
import { parseEndpoint } from '../../../../src/client/connection/endpoint.ts'
import { openClient } from '../../../../src/client/open-client.ts'
import { codexHomeOf } from '../../../../src/platform/places/codex-home.ts'
import { ShareError } from '../../../../src/protocol/errors.ts'
import { errorOf, type ScriptedDaemon, startScriptedDaemon } from '../../../support/sites/scripted-daemon.ts'

const identity = { kind: 'script', label: 'ada' } as const
const notice = () => {}

describe('The handshake', () => {
  let daemon: ScriptedDaemon
  beforeEach(async () => {
    daemon = await startScriptedDaemon()
  })
  afterEach(() => daemon.close())

  const hello = (more: object) => ({
    userAgent: 'x',
    share: {
      protocol: 1,
      version: '9.9.9',
      pid: 1,
      peerId: 'p1',
      endpoint: 'e',
      runtimeDir: daemon.places.runtimeDir,
      dataDir: '/d',
      ...more,
    },
  })
  const open = (own = false) =>
    openClient({
      endpoint: own ? { kind: 'own', path: daemon.places.daemonSocket, places: daemon.places } : daemon.endpoint,
      identity,
      notice,
    })

  it('says who we are and which versions we speak', async () => {
    const { promise, resolve } = Promise.withResolvers<Record<string, unknown>>()
    daemon.on('initialize', (params) => {
      resolve(params)
      return hello({})
    })
    const client = await open(true)
    const { share } = await promise
    expect(share).to.deep.equal({
      ...{ protocol: { min: 1, max: 1 }, pid: process.pid, codexHome: codexHomeOf(process.env) },
      ...{ kind: 'script', label: 'ada' },
    })
    client.close()
  })

  it('refuses a daemon that is newer, and says what to do', async () => {
    daemon.on('initialize', () => hello({ protocol: 2 }))
    const { errorName, message, hint } = await errorOf(open())
    expect({ errorName, hint }).to.deep.equal({
      errorName: 'versionMismatch',
      hint: 'Update codex-share here, or use the newer one that started the daemon.',
    })
    expect(message).to.match(/^this program \(\S+\) is older than the daemon at unix:\S+ \(9\.9\.9\)/)
  })

  it('says what to do when the daemon refuses us, whichever of the two is older', async () => {
    const hints: Record<string, string> = {}
    for (const older of ['client', 'daemon']) {
      daemon.on('initialize', () => {
        throw new ShareError('versionMismatch', `the ${older} is too old`, { facts: { older } })
      })
      hints[older] = (await errorOf(open())).hint
    }
    expect(hints).to.deep.equal({
      client: 'Update codex-share here, or use the newer one that started the daemon.',
      daemon: 'Run `codex-share daemon restart`, which puts this newer program in its place.',
    })
  })

  it('refuses a daemon of another runtime folder and ledger, unless that one was asked for by name', async () => {
    daemon.on('initialize', () => hello({ runtimeDir: '/elsewhere' }))
    const { errorName, message } = await errorOf(open(true))
    expect(errorName).to.equal('unavailable')
    expect(message).to.include('works in /elsewhere and keeps its ledger in /d, but this environment means')
    const byName = await open(false)
    byName.close()
    daemon.on('initialize', () => hello({ runtimeDir: '/elsewhere', dataDir: daemon.places.dataDir }))
    const byLedger = await open(true)
    byLedger.close()
  })

  it('tries again when the daemon leaves in the middle of it', async () => {
    daemon.on('initialize', () => {
      if (daemon.connections > 1) return hello({})
      daemon.cut()
      return new Promise(() => {})
    })
    const client = await open()
    expect(daemon.connections).to.equal(2)
    client.close()
  })

  it('names the endpoint, the cause and a way out when nobody is there', async () => {
    await daemon.leave()
    const { errorName, message, hint, facts } = await errorOf(open())
    expect({ errorName, hint, endpoint: facts.endpoint }).to.deep.equal({
      errorName: 'unavailable',
      hint: 'Check --server; a daemon at another place is not started from here.',
      endpoint: `unix://${daemon.places.daemonSocket}`,
    })
    expect(message).to.match(/^cannot reach the daemon at unix:\S+: connect ENOENT/)
    await daemon.listen()
  })
})

describe('A client', () => {
  let daemon: ScriptedDaemon
  beforeEach(async () => {
    daemon = await startScriptedDaemon()
  })
  afterEach(() => daemon.close())

  it('refuses an answer in a form it does not know', async () => {
    daemon.on('share/list', () => ({ threads: [{ threadId: 7 }] }))
    const client = await daemon.link().client()
    const { errorName, message } = await errorOf(client.call('share/list', {}))
    expect(errorName).to.equal('unexpected')
    expect(message).to.match(/answered share\/list in a form this program does not know: threads\.0\.threadId/)
  })

  it('keeps members of an answer that it does not know', async () => {
    daemon.on('share/who', () => ({ peers: [], hologram: true }))
    const client = await daemon.link().client()
    expect(await client.call('share/who', {})).to.deep.equal({ peers: [], hologram: true })
  })

  it('names the endpoint when the connection is lost', async () => {
    daemon.on('share/list', () => {
      daemon.cut()
      return new Promise(() => {})
    })
    const client = await daemon.link().client()
    const { errorName, message, facts } = await errorOf(client.call('share/list', {}))
    expect({ errorName, sent: facts.sent }).to.deep.equal({ errorName: 'connectionLost', sent: true })
    expect(message).to.include(`unix://${daemon.places.daemonSocket}`)
  })
})

describe('--server', () => {
  let daemon: ScriptedDaemon
  beforeEach(async () => {
    daemon = await startScriptedDaemon()
  })
  afterEach(() => daemon.close())

  it('takes a socket path, and means the own daemon by its own path or by nothing', () => {
    const { places } = daemon
    const own = { kind: 'own', path: places.daemonSocket, places }
    expect(parseEndpoint(undefined, places)).to.deep.equal(own)
    expect(parseEndpoint(`unix://${places.daemonSocket}`, places)).to.deep.equal(own)
    expect(parseEndpoint('unix:///tmp/x.sock', places)).to.deep.equal({ kind: 'given', path: '/tmp/x.sock' })
    for (const server of ['ssh://', 'http://x', '/tmp/x.sock', 'unix://', 'unix://relative', ''])
      expect(() => parseEndpoint(server, places), server).to.throw(ShareError)
  })
})
