/** `daemon restart`: the new daemon takes over from the old one. */
import { actors, type Scene } from '../scene.ts'
import { makeShared } from './start.ts'

let before = 0

export const restart: Scene = {
  name: 'restart',
  actors: actors('former', 'daemon', 'command'),
  prepare: async (world) => {
    await makeShared(world)
    before = await world.daemonPid()
  },
  act: (world, env) => world.run(['daemon', 'restart', '--json'], env),
  judge: (world, { code }) =>
    code === 0 && world.daemons().includes(before) ? ['restarted, and the daemon before it runs'] : [],
}
