/** A post: acknowledged it is in the ledger once, refused it is nowhere, and in doubt the same request id tells which. */
import { post } from '../posts.ts'
import { actors, type Scene } from '../scene.ts'
import { makeShared } from './start.ts'

let posts = 0
const promptNow = () => `under a fault ${posts}`

export const postUnderFault: Scene = {
  name: 'post',
  actors: actors('former', 'command'),
  prepare: makeShared,
  act: (world, env) => {
    posts += 1
    return post(world, promptNow(), env)
  },
  judge: (world, { code, stderr }) => {
    const times = world.timesAsked(promptNow())
    if (code === 5 && times > 0) return [`refused, and Codex has it: ${stderr}`]
    return code === 0 && times !== 1 ? [`acknowledged, and the model was asked ${times} times`] : []
  },
  again: promptNow,
}
