/**
 * Gives the terminal to another program for a while.
 *
 * Ink lets go of the screen and of raw mode, and not of the keys: it stops listening, but Node goes on reading, so that the two programs
 * would each get some of what is typed.
 */
import { setImmediate as nextLoop } from 'node:timers/promises'
import type { useApp } from 'ink'

export type Suspend = (callback: () => Promise<void>) => Promise<void>

export function handOverTerminal(app: ReturnType<typeof useApp>, input: NodeJS.ReadStream): Suspend {
  return (callback) =>
    app.suspendTerminal(async () => {
      // The stream notices only then that nobody listens any more; before, it takes a pause for no news and goes on.
      await nextLoop()
      input.pause()
      await nextLoop()
      await callback()
    })
}
