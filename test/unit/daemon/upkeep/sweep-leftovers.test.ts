/** What processes that were killed have left in our folders goes while the daemon serves. */
import { mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { Sweep } from '../../../../src/daemon/upkeep/sweep-leftovers.ts'
import type { Places } from '../../../../src/platform/places/resolve-places.ts'
import { makeScratch, type Scratch } from '../../../support/scratch.ts'
import { daemonOptions } from '../../../support/sites/daemon-options.ts'

/** Above any pid that Linux and macOS give out. */
const dead = 4_194_999

describe('Sweeping', () => {
  let scratch: Scratch
  let places: Places
  beforeEach(() => {
    scratch = makeScratch()
    places = daemonOptions(scratch).places
    mkdirSync(places.stateDir, { recursive: true })
  })
  afterEach(() => scratch.remove())

  const left = () => [places.runtimeDir, places.dataDir].flatMap((folder) => readdirSync(folder))
  /** Each at another time, as a folder's is no finer than a clock's tick. */
  let times = 0
  const leave = (...files: readonly string[]) => {
    for (const file of files) writeFileSync(file, '')
    times += 1
    utimesSync(places.runtimeDir, times, times)
  }

  it('removes what those before have left, and what is left later', async () => {
    leave(`${places.startLock}.${dead}.1.lock`, `${places.ownerRecord}.${dead}.3.tmp`)
    const sweep = new Sweep(places)
    await sweep.look()
    expect(left()).to.deep.equal([])
    mkdirSync(`${places.bindLock}.lock`)
    leave(`${places.bindLock}.${dead}.1.lock`, `${places.daemonSocket}.${dead}.tmp`)
    await sweep.look()
    expect(left()).to.deep.equal([])
  })

  it('looks again while something is in use, and not at a folder that is as it was', async () => {
    const sweep = new Sweep(places)
    const inUse = `${places.bindLock}.${process.ppid}.1.lock`
    leave(inUse)
    await sweep.look()
    expect(left()).to.have.length(1)
    // As if its process had been killed: the folder's time is the same.
    rmSync(inUse)
    writeFileSync(`${places.bindLock}.${dead}.1.lock`, '')
    utimesSync(places.runtimeDir, times, times)
    await sweep.look()
    expect(left()).to.deep.equal([])
    utimesSync(places.runtimeDir, times, times)
    await sweep.look()
    writeFileSync(`${places.bindLock}.${dead}.1.lock`, '')
    utimesSync(places.runtimeDir, times, times)
    await sweep.look()
    expect(left()).to.have.length(1)
  })
})
