/** What a starting daemon knows of the one before it. */
import { mkdirSync } from 'node:fs'
import { expect } from 'chai'
import { type Claim, claimSocket } from '../../src/daemon/claim-socket.ts'
import { writeOwner } from '../../src/platform/places/owner-record.ts'
import type { Places } from '../../src/platform/runtime-dir.ts'
import { makeScratch, type Scratch } from '../support/scratch.ts'

describe('Claiming the socket', () => {
  let scratch: Scratch
  let places: Places

  beforeEach(() => {
    scratch = makeScratch()
    const { runtimeDir, ownerRecord } = scratch
    const dataDir = `${scratch.dir}/data/codex-share`
    mkdirSync(dataDir, { recursive: true })
    // Nothing else of them is used here.
    places = { runtimeDir, daemonSocket: `${runtimeDir}/daemon.sock`, dataDir, ownerRecord } as Places
  })

  afterEach(() => scratch.remove())

  async function claim(): Promise<Claim> {
    const nothing = () => {}
    const options = { takeOver: false, inherited: new Map(), maxConnections: 10, onLost: nothing, onTrouble: nothing }
    const claimed = await claimSocket({ places, ...options })
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
})
