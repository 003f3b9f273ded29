/** A sample of `npm run faults`: posts while writes of the ledger fail, or the daemon ends at one. A failure names the seed that brings it back. */
import { expect } from 'chai'
import { noStrace } from '../support/system/strace.ts'
import { type FaultBench, makeFaultBench } from './faults/post-under-faults.ts'
import { seededRandom } from './random.ts'

/** About so many writes does a post make. */
const writesOfAPost = 80

describe('A post at whose writes', function () {
  this.timeout(120_000)
  const seed = Number(process.env.FAULT_SEED ?? Date.now() % 1_000_000)
  const random = seededRandom(seed)
  let bench: FaultBench

  before(async function () {
    const reason = noStrace()
    if (reason !== null) {
      process.stderr.write(`  Failing writes are not tested here: ${reason}\n`)
      this.skip()
    }
    bench = await makeFaultBench()
  })
  after(() => bench?.close())

  /** One place in each part of the post, so that all parts are met. */
  async function sample(effect: 'ENOSPC' | 'SIGKILL', count: number): Promise<number> {
    let met = 0
    for (let part = 0; part < count; part += 1) {
      const at = 1 + Math.floor(((part + random()) * writesOfAPost) / count)
      if ((await bench.post({ effect, call: 'pwrite64', at })) !== null) met += 1
    }
    return met
  }

  it(`the disk is full runs once or not at all, and says which (seed ${seed})`, async () => {
    expect(await sample('ENOSPC', 12)).to.be.greaterThan(6)
  })

  it(`the daemon is killed runs once and is in the ledger once (seed ${seed})`, async () => {
    expect(await sample('SIGKILL', 4)).to.be.greaterThan(1)
  })
})
