/** A process whose work was not done has failed, also where nothing was left that it could wait for. */
import { ShareError } from '../protocol/errors.ts'

/**
 * Watches until the returned function is called. Node ends a process that waits for something which can no longer happen, and calls
 * it a success; a script must not take it for one.
 */
export function failWhenUnfinished(fail: (error: ShareError) => void): () => void {
  const onBeforeExit = () =>
    fail(new ShareError('unexpected', 'the program ended before its work was done, with nothing left to wait for'))
  process.once('beforeExit', onBeforeExit)
  return () => process.off('beforeExit', onBeforeExit)
}
