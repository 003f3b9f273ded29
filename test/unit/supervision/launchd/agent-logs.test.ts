/** Logs that launchd has open for an agent: cut in place, and read for why a daemon is not up. */
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { Places } from '../../../../src/platform/places/resolve-places.ts'
import { cutLog, daemonErrors, lastErrors } from '../../../../src/supervision/launchd/agent-logs.ts'
import { lookAfterLogs } from '../../../../src/supervision/launchd/look-after-logs.ts'
import { makeScratch, type Scratch } from '../../../support/scratch.ts'

describe('Logs that launchd writes', () => {
  let scratch: Scratch
  let places: Places
  beforeEach(() => {
    scratch = makeScratch()
    const log = join(scratch.dir, 'log')
    mkdirSync(log)
    places = { daemonLog: join(log, 'daemon.log'), appServerLog: join(log, 'app-server.log') } as Places
  })
  afterEach(() => scratch.remove())

  it('are cut above a size, and go on from their beginning', () => {
    const { appServerLog } = places
    const fd = openSync(appServerLog, 'a')
    writeSync(fd, 'x'.repeat(100))
    cutLog(appServerLog, 100)
    expect(readFileSync(appServerLog, 'utf8')).to.have.lengthOf(100)
    cutLog(appServerLog, 99)
    writeSync(fd, 'more')
    closeSync(fd)
    expect(readFileSync(appServerLog, 'utf8')).to.equal('more')
    expect(readFileSync(`${appServerLog}.1`, 'utf8')).to.equal('x'.repeat(100))
    cutLog(join(scratch.dir, 'nothing'), 1)
  })

  it('tell why no daemon is up, until one is', () => {
    const file = daemonErrors(places)
    expect(lastErrors(places)).to.equal('')
    writeFileSync(file, 'node: a warning\nError: the settings are wrong\nSee the README.\n')
    expect(lastErrors(places)).to.equal('the settings are wrong\n  See the README.')
    const told: string[] = []
    lookAfterLogs(places, (said) => told.push(said))
    lookAfterLogs(places, (said) => told.push(said))
    expect(told).to.deep.equal(['node: a warning\nError: the settings are wrong\nSee the README.\n'])
    expect(lastErrors(places)).to.equal('')
  })
})
