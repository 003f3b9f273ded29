/** Ends the process when its output cannot be written: its reader has gone, or the disk is full. */
import { getSystemErrorMessage } from 'node:util'
import { ShareError } from '../protocol/errors.ts'
import { reportFailure } from './failure.ts'

/**
 * A reader of stdout that leaves (`… | head -1`) ends the process, without a word and with the exit code it has so far; a stdout that
 * cannot be written ends it as failed. Nothing that befalls stderr changes anything. With `except` the process stays in any case.
 */
export function endWhenOutputFails({ except }: { readonly except: boolean }): void {
  process.stdout.removeAllListeners('error') // oclif's own throws.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (except) return
    if (readerIsGone(error)) process.exit()
    process.exit(reportFailure(notWrittenError(error), { json: false }))
  })
  process.stderr.on('error', () => {}) // There is nowhere left to say it.
}

/** EIO is a terminal that was closed. */
function readerIsGone({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE' || code === 'EIO'
}

function notWrittenError(error: NodeJS.ErrnoException): ShareError {
  const reason = error.errno === undefined ? error.message : getSystemErrorMessage(error.errno)
  return new ShareError('unexpected', `the output cannot be written: ${reason}`, { hint: '', cause: error })
}
