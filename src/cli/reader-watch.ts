/**
 * Leaves when the reader of our stdout has gone, for commands that may have nothing to write for hours. Node cannot wait for the other
 * end of a pipe to close, so the kernel is asked from time to time.
 */
import { endAtOnce, isReaderGone } from '../platform/system/c-library.ts'

const lookEveryMs = 500
const stdout = 1

export function leaveWhenReaderGoes(): void {
  endAtOnce()
  const timer = setInterval(() => {
    try {
      if (isReaderGone(stdout)) process.exit()
    } catch {
      clearInterval(timer) // No binary of the library for this system: the next write finds out.
    }
  }, lookEveryMs)
  timer.unref()
}
