/** Everything that a run leaves behind unless it is told otherwise: processes and folders, gone however the run ends. */
import type { ChildProcess } from 'node:child_process'

const undo = new Set<() => void>()

/** Has this done at the end, whatever the end; the returned function takes it back. It must not wait for anything. */
export function atTheEnd(action: () => void): () => void {
  undo.add(action)
  return () => undo.delete(action)
}

/** Kills the child at the end; the returned function takes it back. */
export function endWithUs(child: ChildProcess): () => void {
  const release = atTheEnd(() => child.kill('SIGKILL'))
  child.once('exit', release)
  return release
}

/** Ends at once on Ctrl-C and the like, and cleans up on every way out. */
export function cleanUpOnExit(): void {
  process.on('exit', () => {
    // The last made goes first: folders are made before the processes that live in them.
    for (const action of [...undo].reverse()) action()
  })
  for (const [signal, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
    ['SIGHUP', 1],
  ] as const)
    process.on(signal, () => process.exit(128 + number))
}
