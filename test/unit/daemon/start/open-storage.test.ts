/** The stage of what the daemon keeps, on real files. */
import { existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { openStage } from '../../../../src/daemon/start/close-stack.ts'
import { openStorage } from '../../../../src/daemon/start/open-storage.ts'
import { startDaemon } from '../../../../src/daemon/start/start-daemon.ts'
import type { StartDaemonOptions } from '../../../../src/daemon/start/start-daemon-options.ts'
import { openLedger } from '../../../../src/ledger/ledger.ts'
import { placesInRuntimeDir } from '../../../../src/platform/places/resolve-places.ts'
import { readSettings } from '../../../../src/platform/settings/settings.ts'
import { makeScratch, type Scratch } from '../../../support/scratch.ts'
import { silentLog } from '../../../support/thread-site.ts'

describe('The storage of the daemon', () => {
  let scratch: Scratch
  let options: StartDaemonOptions

  beforeEach(() => {
    scratch = makeScratch()
    const { dir, runtimeDir, ownerRecord, appServerRecord } = scratch
    mkdirSync(dirname(ownerRecord), { recursive: true })
    const files = { ledgerFile: join(dirname(ownerRecord), 'ledger.db'), settingsFile: join(dir, 'config.json') }
    const logs = { stateDir: dir, daemonLog: join(dir, 'daemon.log'), appServerLog: join(dir, 'app-server.log') }
    const folders = { dataDir: dirname(ownerRecord), configDir: dir }
    const places = { ...placesInRuntimeDir(runtimeDir), ...folders, ...files, ...logs, ownerRecord, appServerRecord }
    options = {
      ...{ env: scratch.env, places, settings: readSettings(places.settingsFile), log: silentLog, logFile: null },
      ...{ takeOver: false, codexBin: undefined, programFile: 'main.js', inherited: new Map(), manager: undefined },
      standStill: (work) => work(),
      onLeave: () => {},
    }
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

  it('is closed again when a later stage cannot be opened', async () => {
    const opening = openStage(async (stages) => {
      stages.open(await openStorage(options, 'none'))
      expect(isFree).to.throw()
      throw new Error('no socket')
    })
    expect(await opening.catch(({ message }: Error) => message)).to.equal('no socket')
    expect([existsSync(scratch.ownerRecord), isFree()]).to.deep.equal([false, true])
  })

  it('gives up the socket that was claimed before it where it cannot be opened', async () => {
    mkdirSync(options.places.ledgerFile)
    const error = await startDaemon(options).catch((reason: unknown) => reason)
    expect(error).to.include({ errorName: 'unavailable' })
    expect(existsSync(options.places.daemonSocket)).to.equal(false)
  })
})
