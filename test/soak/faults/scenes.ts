/** All scenes, in the order in which they are run. */
import type { Scene } from './scene.ts'
import { migration } from './scenes/migration.ts'
import { postUnderFault } from './scenes/post.ts'
import { restart } from './scenes/restart.ts'
import { coldStart, servedStart, staleStart } from './scenes/start.ts'
import { stateFile } from './scenes/state-file.ts'
import { stop, stopAll } from './scenes/stop.ts'

export const scenes: readonly Scene[] = [
  ...[coldStart, staleStart, servedStart, postUnderFault],
  ...[stop, stopAll, restart, migration, stateFile],
]
