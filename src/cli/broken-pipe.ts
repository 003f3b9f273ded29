/** What happens when whoever reads our output goes away. */

/**
 * A reader of stdout that leaves (`… | head -1`) ends the process, without a word and with the exit code it has so far; one
 * of stderr changes nothing. With `except` neither does anything.
 */
export function endQuietlyWhenNobodyReads({ except }: { readonly except: boolean }): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (!readerIsGone(error)) throw error
    if (!except) process.exit()
  })
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (!readerIsGone(error)) throw error
  })
}

/** EIO is a terminal that was closed. */
function readerIsGone({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE' || code === 'EIO'
}
