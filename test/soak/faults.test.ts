/** A sample of `npm run faults`: steps of every scene, at which a call fails or the process ends. A failure names the seed that brings it back. */
import { expect } from 'chai'
import { noStrace } from '../support/system/strace.ts'
import { runStep, type StepOutcome } from './faults/run-step.ts'
import { sampleSteps } from './faults/sample-steps.ts'
import { scenes } from './faults/scenes.ts'
import { makeWorld, type World } from './faults/world.ts'

const stepsOfAScene = 1

describe('A fault at a step', function () {
  this.timeout(120_000)
  const seed = Number(process.env.FAULT_SEED ?? Date.now() % 1_000_000)
  let world: World

  before(async function () {
    const reason = noStrace()
    if (reason !== null) {
      process.stderr.write(`  Failing calls are not tested here: ${reason}\n`)
      this.skip()
    }
    world = await makeWorld()
  })
  after(() => world?.close())

  const met: boolean[] = []
  for (const [index, scene] of scenes.entries())
    it(`of “${scene.name}” is healed by the next command (seed ${seed})`, async () => {
      const outcomes: StepOutcome[] = []
      for (const step of await sampleSteps(world, scene, stepsOfAScene, seed + index))
        outcomes.push(await runStep(world, scene, step))
      met.push(...outcomes.map(({ struck }) => struck !== null))
      expect(outcomes.flatMap(({ broken }) => broken)).to.deep.equal([])
    })

  it('was met at most of them', () => {
    expect(met.filter((isMet) => isMet).length).to.be.greaterThan(met.length / 2)
  })
})
