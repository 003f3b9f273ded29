/** The stage of what the daemon keeps, on real files. */
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { openStage } from '../../../../src/daemon/start/close-stack.ts'
import { noteOwner } from '../../../../src/daemon/start/note-owner.ts'
import { openStorage } from '../../../../src/daemon/start/open-storage.ts'
import type { StartDaemonOptions } from '../../../../src/daemon/start/start-daemon-options.ts'
import { openLedger } from '../../../../src/ledger/ledger.ts'
import { makeScratch, type Scratch } from '../../../support/scratch.ts'
import { daemonOptions } from '../../../support/sites/daemon-options.ts'
import { eventually } from '../../../support/waiting/eventually.ts'

describe('The storage of the daemon', () => {
  let scratch: Scratch
  let options: StartDaemonOptions

  beforeEach(() => {
    scratch = makeScratch()
    options = daemonOptions(scratch)
  })
  afterEach(() => scratch.remove())

  /** Throws while a daemon has the ledger. */
  const isFree = () => {
    openLedger(options.places.ledgerFile).close()
    return true
  }
  const event = { threadId: 'a', turnId: null, atMs: 1, method: 'share/note', params: {}, itemId: null, by: null }

  it('has the ledger and its owner record, and leaves both when it is closed, with all recorded', async () => {
    const storage = await openStorage(options, 'none')
    const { ledger, recorder } = storage.parts
    expect(existsSync(scratch.ownerRecord)).to.equal(true)
    ledger.threads.open('a', { name: null, cwd: null, preview: null })
    recorder.add(event)
    await storage.close({ appServer: false })
    expect([existsSync(scratch.ownerRecord), isFree()]).to.deep.equal([false, true])
    const next = openLedger(options.places.ledgerFile)
    expect(next.events.page('a', 0, 10)).to.have.length(1)
    next.close()
  })

  it('tries to write its owner record until it is written', async () => {
    mkdirSync(join(scratch.ownerRecord, 'in the way'), { recursive: true })
    const owner = await noteOwner({ places: options.places, env: options.env, log: options.log, everyMs: 5 })
    rmSync(scratch.ownerRecord, { recursive: true })
    await eventually('it is written', () => existsSync(scratch.ownerRecord))
    await owner.remove()
    expect(existsSync(scratch.ownerRecord)).to.equal(false)
  })

  it('is closed again when a later stage cannot be opened', async () => {
    const opening = openStage(async (stages) => {
      stages.open(await openStorage(options, 'none'))
      expect(isFree).to.throw()
      throw new Error('no socket')
    })
    expect(await opening.catch(({ message }: Error) => message)).to.equal('no socket')
    expect([existsSync(scratch.ownerRecord), isFree()]).to.deep.equal([false, true])
  })
})
