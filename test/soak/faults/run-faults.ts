/**
 * A fault at every step: fails or kills at the nth system call of a kind, for n = 1, 2, … until none is left.
 *
 *   npm run faults [-- --scene restart --effect EIO --call rename --role daemon --from N] [--sample N --seed S]
 *
 * Prints a table of what was met, and exits with 1 when a promise was broken.
 */
import { parseArgs } from 'node:util'
import { Report } from './report.ts'
import { countCalls, runStep } from './run-step.ts'
import { sampleSteps } from './sample-steps.ts'
import { scenes } from './scenes.ts'
import { callKinds, nameOfStep, type Step } from './step.ts'
import { makeWorld } from './world.ts'

const { values } = parseArgs({
  options: {
    scene: { type: 'string', multiple: true },
    effect: { type: 'string', multiple: true },
    call: { type: 'string', multiple: true },
    role: { type: 'string', multiple: true },
    from: { type: 'string', default: '1' },
    /** So many steps of each scene, drawn by the seed. */
    sample: { type: 'string' },
    seed: { type: 'string' },
  },
})
const isWanted = (wanted: readonly string[] | undefined, name: string) =>
  wanted === undefined || wanted.some((beginning) => name.startsWith(beginning))

const report = new Report()
const world = await makeWorld()
const seed = Number(values.seed ?? Date.now() % 1_000_000)

async function run(scene: (typeof scenes)[number], step: Step): Promise<boolean> {
  const outcome = await runStep(world, scene, step)
  report.add(scene.name, step, outcome)
  const found = outcome.struck === null ? 'not met' : `exit ${outcome.code}, healed in ${outcome.healedMs} ms`
  process.stderr.write(`${scene.name}: ${nameOfStep(step)}: ${found} ${outcome.struck ?? ''}\n`)
  for (const what of outcome.broken) process.stderr.write(`  BROKEN ${what}\n`)
  return outcome.struck !== null
}

/** Until a step is not met, however many calls there were without a fault. */
async function runAll(scene: (typeof scenes)[number]): Promise<void> {
  for (const actor of scene.actors.filter(({ role }) => isWanted(values.role, role)))
    for (const [call, repeats] of await countCalls(world, scene, actor)) {
      if (!isWanted(values.call, call)) continue
      process.stderr.write(`${scene.name}: ${actor.role} ${actor.thread} makes ${repeats.length} × ${call}\n`)
      for (const effect of callKinds[call]?.effects ?? []) {
        if (!isWanted(values.effect, effect)) continue
        // How often something is waited for is another each time.
        const last = callKinds[call]?.polls ? repeats.length : Number.POSITIVE_INFINITY
        for (let at = Number(values.from); at <= last; at += 1)
          if (!repeats[at - 1] && !(await run(scene, { ...actor, call, effect, at }))) break
      }
    }
}

try {
  for (const scene of scenes.filter(({ name }) => isWanted(values.scene, name)))
    if (values.sample === undefined) await runAll(scene)
    else
      for (const step of await sampleSteps(world, scene, Number(values.sample), seed + scenes.indexOf(scene)))
        await run(scene, step)
} finally {
  await world.close()
}
const seeded = values.sample === undefined ? '' : `seed ${seed}\n`
process.stdout.write(`${report}${report.broken.map((what) => `${what}\n`).join('')}${seeded}`)
if (report.broken.length > 0) process.exitCode = 1
