/** Runs one step: the scene under the fault, then the next commands, and holds all that was promised against what is found. */
import { setTimeout as delay } from 'node:timers/promises'
import type { CommandResult } from '../../support/sites/command-site.ts'
import { strayNames } from './own-paths.ts'
import { judgePost, shareThread } from './posts.ts'
import type { Scene } from './scene.ts'
import { type Actor, callKinds, nameOfStep, type Step } from './step.ts'
import { callOf, traceActor } from './traced-actor.ts'
import type { World } from './world.ts'

export interface StepOutcome {
  /** The call that was struck, as strace writes it; null where the scene makes fewer of them. */
  readonly struck: string | null
  /** Exit code of the command under the fault; null when it was killed. */
  readonly code: number | null
  /** Milliseconds that the next command took. */
  readonly healedMs: number
  readonly broken: readonly string[]
}

const promisedMs = 3000
/** What a command may end with when it cannot do its work: nothing was done, or the outcome is not known. */
const rightCodes: readonly (number | null)[] = [0, 5, 6]
let steps = 0

/** The calls that the actor makes in the scene, by kind: for each whether it is one of before once more, as in waiting for a socket. */
export async function countCalls(world: World, scene: Scene, actor: Actor): Promise<ReadonlyMap<string, Repeats>> {
  await scene.prepare(world)
  const tracing = await traceActor(world, actor)
  const { code, stderr } = await scene.act(world, tracing.env)
  await settle(world, scene)
  const counts = new Map<string, boolean[]>()
  const seen = new Map<string, number>()
  for (const line of await tracing.lift()) {
    const call = callOf(line)
    const what = withoutDescriptors(line)
    const times = seen.get(what) ?? 0
    seen.set(what, times + 1)
    counts.set(call, [...(counts.get(call) ?? []), callKinds[call]?.polls === true && times >= distinctPolls])
  }
  if (code !== 0) throw new Error(`${scene.name} without a fault ended with ${code}: ${stderr}`)
  return counts
}

export type Repeats = readonly boolean[]

/** So often is the same call on the same thing, with the same result, a step of its own. */
const distinctPolls = 2

/** `connect(3<socket:[71]>, {…}, 110) = 0` without what is another each time. */
function withoutDescriptors(line: string): string {
  return line.replace(/\d+<[^>]*>/g, '').replace(/\.\d+\.tmp"/, '.tmp"')
}

export async function runStep(world: World, scene: Scene, step: Step): Promise<StepOutcome> {
  await scene.prepare(world)
  const tracing = await traceActor(world, step, step)
  const result = await scene.act(world, tracing.env)
  await settle(world, scene)
  const struck = (await tracing.lift())[0] ?? null
  const broken = struck === null ? [] : [...judgeEnd(step, result), ...((await scene.judge?.(world, result)) ?? [])]
  const { healedMs, unhealed } = await heal(world, scene)
  return {
    struck,
    code: result.code,
    healedMs,
    broken: [...broken, ...unhealed].map((what) => `${nameOfStep(step)}: ${what}`),
  }
}

/** What is done behind the answer belongs to the scene, too. */
const settleMs = 150
async function settle(world: World, { name }: Scene): Promise<void> {
  if (name !== 'state file' && world.daemons().length > 0) await delay(settleMs)
}

function judgeEnd({ role, effect }: Step, { code, stderr }: CommandResult): string[] {
  if (role === 'command' && effect === 'SIGKILL') return []
  const isRight = rightCodes.includes(code) && !/^\s+at .*:\d+/m.test(stderr)
  return isRight ? [] : [`the command ended with ${code}: ${stderr}`]
}

async function heal(world: World, scene: Scene): Promise<{ readonly healedMs: number; readonly unhealed: string[] }> {
  const began = performance.now()
  const list = await world.run(['list', '--json'])
  const healedMs = Math.round(performance.now() - began)
  if (list.code !== 0) return { healedMs, unhealed: [`the next command ended with ${list.code}: ${list.stderr}`] }
  const late = await judgeTime(world, healedMs)
  steps += 1
  try {
    world.threadId ??= await shareThread(world)
    const posted = await judgePost(world, scene.again?.() ?? `behind a fault ${steps}`)
    const own = (await scene.judgeHealed?.(world)) ?? []
    return { healedMs, unhealed: [...late, ...posted, ...own, ...(await judgeQuiet(world))] }
  } catch (error) {
    return { healedMs, unhealed: [...late, String(error)] }
  }
}

/** As many times as long as with a daemon that was just killed may it take: what is beyond that is not the machine's load. */
const loadFactor = 3

async function judgeTime(world: World, healedMs: number): Promise<string[]> {
  if (healedMs <= promisedMs) return []
  await world.kill('daemons')
  const began = performance.now()
  await world.run(['list', '--json'])
  const plainMs = Math.round(performance.now() - began)
  process.stderr.write(`  healed in ${healedMs} ms, and in ${plainMs} ms behind a plain kill\n`)
  return healedMs > loadFactor * plainMs
    ? [`the next command took ${healedMs} ms, and ${plainMs} ms behind a plain kill`]
    : []
}

const quietMs = 3000

/** When all is quiet there is one daemon, one app-server and nothing that somebody forgot. */
async function judgeQuiet(world: World): Promise<string[]> {
  for (const until = performance.now() + quietMs; ; await delay(50)) {
    const [daemons, servers, stray] = [world.daemons().length, world.appServers().length, strayNames(world)]
    const broken = [
      ...(daemons === 1 ? [] : [`${daemons} daemons run`]),
      ...(servers === 1 ? [] : [`${servers} app-servers run`]),
      ...(stray.length === 0 ? [] : [`left behind: ${stray.join(', ')}`]),
    ]
    if (broken.length === 0 || performance.now() > until) return broken
  }
}
