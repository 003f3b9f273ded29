/** Says in one line why a library's binary does not load here: the system's own words for it are a path and a symbol. */
import { ShareError } from '../../protocol/errors.ts'
import { memberOf } from '../../protocol/json/read-json.ts'

/** As the dynamic linker of glibc says it: /lib/…/libc.so.6: version `GLIBC_2.34' not found (required by …). */
const tooOldGlibc = /version `GLIBC_([\d.]+)' not found/

/** @returns undefined for any error but that of a binary that does not load */
export function addonError(library: string, error: unknown): ShareError | undefined {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'ERR_DLOPEN_FAILED') return undefined
  const needed = tooOldGlibc.exec(error.message)?.[1]
  const what = needed
    ? `it needs glibc ${needed} or newer${glibcHere()}`
    : `its binary does not load (${error.message.split('\n')[0]})`
  return new ShareError('unavailable', `${library} cannot be used on this system: ${what}`, {
    cause: error,
    hint: needed
      ? 'Use a newer system, such as Debian 12, Ubuntu 22.04 or RHEL 9; the README says which are supported.'
      : 'Install codex-share again, on this machine and with this Node.',
  })
}

/** Empty where Node was built for another C library. */
function glibcHere(): string {
  const report: unknown = process.report?.getReport()
  const header = memberOf(report, 'header')
  const version = memberOf(header, 'glibcVersionRuntime')
  return typeof version === 'string' ? `, and this is ${version}` : ''
}
