/** How a child process ended, in words. */
import type { ChildProcess } from 'node:child_process'

/** Never rejects; a child that could not even be started has ended too. */
export function untilEnded(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`could not be run (${error.message})`))
    child.once('exit', (code, signal) => resolve(signal ? `was ended by ${signal}` : `exited with code ${code}`))
  })
}
