/** Draws some steps of a scene, the same ones for the same seed as long as the scene makes the same calls. */
import { seededRandom } from '../random.ts'
import { countCalls } from './run-step.ts'
import type { Scene } from './scene.ts'
import { callKinds, type Step } from './step.ts'
import type { World } from './world.ts'

export async function sampleSteps(world: World, scene: Scene, count: number, seed: number): Promise<Step[]> {
  const random = seededRandom(seed)
  const oneOf = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)]
  const actor = oneOf(scene.actors)
  if (!actor) return []
  const calls = [...(await countCalls(world, scene, actor))].sort()
  return Array.from({ length: calls.length === 0 ? 0 : count }, () => {
    const [call, repeats] = oneOf(calls) ?? ['', []]
    const effect = oneOf(callKinds[call]?.effects ?? []) ?? 'SIGKILL'
    return { ...actor, call, effect, at: 1 + Math.floor(random() * repeats.length) }
  })
}
