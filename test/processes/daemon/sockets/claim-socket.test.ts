/** What a starting daemon knows of the one before it. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import { findDaemon } from '../../../../src/client/connection/find-daemon.ts'
import { claimSocket, type SocketClaim } from '../../../../src/daemon/sockets/claim-socket.ts'
import { listenOnSocket } from '../../../../src/daemon/sockets/socket-listener.ts'
import { writeOwner } from '../../../../src/platform/places/owner-record.ts'
import { type Places, placesInRuntimeDir } from '../../../../src/platform/places/resolve-places.ts'
import { darwinSystem } from '../../../../src/platform/system/darwin.ts'
import { linux } from '../../../../src/platform/system/linux.ts'
import type { System } from '../../../../src/platform/system/system.ts'
import { ShareError } from '../../../../src/protocol/errors.ts'
import { makeScratch, type Scratch } from '../../../support/scratch.ts'

describe('Claiming the socket', () => {
  let scratch: Scratch
  let places: Places

  beforeEach(() => {
    scratch = makeScratch()
    const { runtimeDir, ownerRecord } = scratch
    const dataDir = `${scratch.dir}/data/codex-share`
    mkdirSync(dataDir, { recursive: true })
    // Nothing else of them is used here.
    places = { ...placesInRuntimeDir(runtimeDir), dataDir, ownerRecord } as Places
  })

  afterEach(() => scratch.remove())

  async function claim(system?: System): Promise<SocketClaim> {
    const nothing = () => {}
    const options = { takeOver: false, inherited: new Map(), maxConnections: 10, onLost: nothing, onTrouble: nothing }
    const claimed = await claimSocket({ places, system, ...options })
    if (claimed.won) await claimed.listener.close()
    return claimed
  }

  it('finds nobody where there was none', async () => {
    expect(await claim()).to.include({ won: true, former: 'none' })
  })

  it('sees that the one which has the ledger leaves, as it runs and listens nowhere', async () => {
    await writeOwner(places, { version: '0', codexHome: '/codex' })
    expect(await claim()).to.include({ won: true, former: 'leaving' })
  })

  it('is not held up by one that was killed over it, and removes what that one left', async () => {
    for (const name of ['bind.4194999.1.lock', 'daemon.sock.4194999.tmp'])
      writeFileSync(join(scratch.runtimeDir, name), '')
    expect(await claim()).to.include({ won: true })
    expect(readdirSync(scratch.runtimeDir)).to.deep.equal([])
  })

  it('leaves no other socket behind where its own cannot be put in place', async () => {
    const nothing = () => {}
    const options = { path: places.daemonSocket, maxConnections: 10, onLost: nothing, onTrouble: nothing }
    const listening = listenOnSocket(options).catch((error: unknown) => error)
    mkdirSync(join(places.daemonSocket, 'of-somebody'), { recursive: true })
    expect(await listening).to.be.an('error')
    expect(readdirSync(scratch.runtimeDir)).to.deep.equal(['daemon.sock'])
  })

  describe('where a crowded daemon refuses like a dead one', () => {
    let server: Server | undefined
    /** A socket that nobody listens on is what refuses here. */
    beforeEach(() => {
      execFileSync('python3', ['-c', `import socket; socket.socket(socket.AF_UNIX).bind('${places.daemonSocket}')`])
    })
    afterEach(() => server?.close())

    /** In the place of the socket, as if there were room again. */
    const haveRoom = () =>
      new Promise<void>((resolve) => {
        const other = `${places.daemonSocket}.room`
        server = createServer((socket) => socket.end()).listen(other, () => {
          renameSync(other, places.daemonSocket)
          resolve()
        })
      })

    it('takes the place of a dead one', async () => {
      expect(await claim(darwinSystem())).to.include({ won: true })
    })

    it('leaves a daemon alone that runs, however often it refuses', async () => {
      await writeOwner(places, { version: '0', codexHome: '/codex' })
      const { ino } = statSync(places.daemonSocket)
      const refused = await claim(darwinSystem()).catch((error: unknown) => error)
      expect(refused)
        .to.be.instanceOf(ShareError)
        .with.property('message')
        .that.matches(/cannot be probed: .*ECONNREFUSED/)
      expect(statSync(places.daemonSocket).ino).to.equal(ino)
      expect((await findDaemon(places, darwinSystem())).probe.state).to.equal('crowded')
      expect((await findDaemon(places, linux)).probe.state).to.equal('dead')
    })

    it('gets through once there is room', async () => {
      await writeOwner(places, { version: '0', codexHome: '/codex' })
      const found = findDaemon(places, darwinSystem())
      await haveRoom()
      const { probe } = await found
      expect(probe.state).to.equal('open')
      if (probe.state === 'open') probe.channel.close()
    })
  })
})
