/** `daemon stop`, with and without the app-server. */
import { actors, type Scene } from '../scene.ts'
import { makeShared } from './start.ts'

export const stop: Scene = {
  name: 'stop',
  actors: actors('former', 'command'),
  prepare: makeShared,
  act: (world, env) => world.run(['daemon', 'stop', '--json'], env),
  judge: (world, { code }) => (code === 0 && world.daemons().length > 0 ? ['stopped, and the daemon runs'] : []),
}

export const stopAll: Scene = {
  name: 'stop --all',
  actors: actors('former', 'command'),
  prepare: makeShared,
  act: (world, env) => world.run(['daemon', 'stop', '--all', '--json'], env),
  judge: (world, { code }) =>
    code === 0 && [...world.daemons(), ...world.appServers()].length > 0 ? ['all was stopped, and something runs'] : [],
}
