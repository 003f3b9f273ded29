/**
 * A fault at every step: fails or kills at the nth system call of a kind, for n = 1, 2, … until none is left.
 *
 * Prints a table of what was met, and exits with 1 when a promise was broken, or no step was met at all.
 */
import { readOptions, refuse } from '../read-options.ts'
import { Report } from './report.ts'
import { countCalls, runStep } from './run-step.ts'
import { sampleSteps } from './sample-steps.ts'
import { scenes } from './scenes.ts'
import { callKinds, nameOfStep, type Step } from './step.ts'
import { makeWorld } from './world.ts'

const names = {
  scene: scenes.map(({ name }) => name),
  role: [...new Set(scenes.flatMap(({ actors }) => actors.map(({ role }) => role)))],
  call: Object.keys(callKinds),
  effect: [...new Set(Object.values(callKinds).flatMap(({ effects }) => effects))],
}
const usage = `npm run faults -- [--scene NAME] [--role NAME] [--call NAME] [--effect NAME] [--from N] [--sample N [--seed N]]

  --scene     ${names.scene.join(' | ')}
  --role      whose calls: ${names.role.join(' | ')}
  --call      ${names.call.join(' | ')}
  --effect    ${names.effect.join(' | ')}
  --from      the first call of its kind that fails; 1 by default
  --sample    so many steps of each scene instead of all, of any role, call and effect
  --seed      draws the sample; printed by each run

The first four take the beginning of a name, can be given several times, and are all by default.
`
const several = { type: 'string', multiple: true } as const
const one = { type: 'string' } as const
const values = readOptions(
  usage,
  { scene: several, role: several, call: several, effect: several, from: one, sample: one, seed: one },
  ['from', 'sample', 'seed'],
)
for (const option of ['scene', 'role', 'call', 'effect'] as const)
  for (const beginning of values[option] ?? [])
    if (!names[option].some((name) => name.startsWith(beginning))) refuse(usage, `there is no ${option} "${beginning}"`)
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
        for (let at = Number(values.from ?? 1); at <= last; at += 1)
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
if (report.broken.length > 0 || report.met === 0) process.exitCode = 1
