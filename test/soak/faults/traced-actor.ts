/** Gets hold of the thread that a step is about: of a process that runs, or of one that is still to be started. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { injectFault, type TracedThread, threadNamed, watchCalls } from '../../support/system/strace.ts'
import { eventually } from '../../support/waiting/eventually.ts'
import { ownPaths } from './own-paths.ts'
import { type Actor, callKinds, type Step } from './step.ts'
import type { World } from './world.ts'

export interface Tracing {
  /** For the command of the scene, so that the process is held until it is watched. */
  readonly env: NodeJS.ProcessEnv
  /** Ends the watching: the calls that were made, by kind, or the one that was struck. */
  lift(): Promise<string[]>
}

const preload = join(import.meta.dirname, '../../support/system/hold-until-traced.cjs')
/** A process that a scene never starts is not waited for any longer. */
const startMs = 8000

/** Watches all calls of the actor, or strikes one. */
export async function traceActor(world: World, actor: Actor, step?: Step): Promise<Tracing> {
  if (actor.role === 'former') return { env: {}, ...(await watch(world, actor, await world.daemonPid(), step)) }
  const dir = join(world.dir, 'hold')
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir)
  writeFileSync(join(dir, 'wanted'), '')
  const over = { yes: false }
  const attached = (async () => {
    const file = join(dir, 'pid')
    const isThere = await eventually('the process starts', () => over.yes || existsSync(file), startMs).catch(
      () => false,
    )
    if (!isThere || !existsSync(file)) return undefined
    const traced = await watch(world, actor, Number(readFileSync(file, 'utf8')), step)
    rmSync(file)
    return traced
  })()
  return {
    env: { NODE_OPTIONS: `--require ${preload}`, HOLD_DIR: dir, HOLD_ROLE: actor.role },
    lift: async () => {
      over.yes = true
      return (await (await attached)?.lift()) ?? []
    },
  }
}

async function watch(world: World, { thread }: Actor, pid: number, step: Step | undefined): Promise<TracedThread> {
  const tid =
    thread === 'main' ? pid : await eventually('the pool has its thread', () => threadNamed(pid, 'libuv-worker'))
  const paths = ownPaths(world, pid)
  if (step) return await injectFault(tid, { ...step, paths: callKinds[step.call]?.ownFiles ? paths : [] })
  const { lift } = await watchCalls(tid, Object.keys(callKinds), [])
  const isMeant = (line: string) =>
    !callKinds[callOf(line)]?.ownFiles || paths.some((path) => line.includes(`"${path}"`) || line.includes(`<${path}>`))
  return { lift: async () => (await lift()).filter(isMeant) }
}

/** The name of the call in a line of strace. */
export function callOf(line: string): string {
  return line.slice(0, line.indexOf('('))
}
