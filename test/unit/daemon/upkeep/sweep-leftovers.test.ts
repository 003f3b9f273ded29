/** What processes that were killed have left in our folders goes while the daemon serves. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { startSweeping } from '../../../../src/daemon/upkeep/sweep-leftovers.ts'
import { makeScratch } from '../../../support/scratch.ts'
import { daemonOptions } from '../../../support/sites/daemon-options.ts'
import { eventually } from '../../../support/waiting/eventually.ts'
import { onScriptedTime } from '../../../support/waiting/scripted-ticks.ts'

/** Above any pid that Linux and macOS give out. */
const dead = 4_194_999

describe('Sweeping', () => {
  it(
    'removes the lock of a starter that was killed, and temporary files, a second behind the start and every hour',
    onScriptedTime(async (time) => {
      const scratch = makeScratch()
      const { places } = daemonOptions(scratch)
      mkdirSync(places.stateDir, { recursive: true })
      const folders = [places.runtimeDir, places.dataDir]
      const left = () => folders.flatMap((folder) => readdirSync(folder))
      const leave = () => {
        mkdirSync(`${places.startLock}.lock`)
        writeFileSync(`${places.startLock}.${dead}.1.lock`, '')
        writeFileSync(`${places.ownerRecord}.${dead}.3.tmp`, '')
      }
      leave()
      const sweeping = startSweeping(places)
      for (const ms of [1000, 3_600_000]) {
        expect(left()).to.have.length(3)
        time.run(ms)
        await eventually('it is gone', () => left().length === 0)
        leave()
      }
      sweeping.close()
      time.run(2 * 3_600_000)
      expect(left(), 'when it is closed').to.have.length(3)
      scratch.remove()
    }),
  )
})
