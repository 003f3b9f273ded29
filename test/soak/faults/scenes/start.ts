/** A command that starts the daemon: where nothing is, where one was killed, and where its app-server runs. */
import { shareThread } from '../posts.ts'
import { actors, type Scene } from '../scene.ts'
import type { World } from '../world.ts'

const start: Pick<Scene, 'actors' | 'act'> = {
  actors: actors('command', 'daemon'),
  // It waits for the link to Codex, so that the calls of the whole start are made.
  act: (world, env) => world.run(['start', '--json', ...(world.threadId ? ['--thread', world.threadId] : [])], env),
}

export const coldStart: Scene = {
  ...start,
  name: 'start, cold',
  prepare: async (world) => {
    await world.kill('daemons')
    await world.kill('appServers')
    world.clear()
  },
}

export const staleStart: Scene = {
  ...start,
  name: 'start, after kill -9 of all',
  prepare: async (world) => {
    await makeShared(world)
    await world.kill('daemons')
    await world.kill('appServers')
  },
}

export const servedStart: Scene = {
  ...start,
  name: 'start, with an app-server',
  prepare: async (world) => {
    await makeShared(world)
    await world.kill('daemons')
  },
}

/** A daemon that runs, with its app-server and a shared thread. */
export async function makeShared(world: World): Promise<void> {
  world.threadId ??= await shareThread(world)
  if (world.daemons().length === 0 || world.appServers().length === 0) await shareThread(world, world.threadId)
}
