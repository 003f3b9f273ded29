/** Reports the failure of a command: text on stderr, JSON on stdout when asked for, and the exit code. */
import { asShareError, ShareError } from '../protocol/errors.ts'
import { safeJson } from '../protocol/text/safe-json.ts'
import { visibleText } from '../protocol/text/visible-text.ts'
import { rewordOclif } from './oclif-words.ts'

/** Says what went wrong and returns the exit code. oclif's way of leaving early (`this.exit(n)`) says nothing. */
export function reportFailure(error: unknown, { json }: { readonly json: boolean }): number {
  const leaving = exitRequest(error)
  if (leaving !== undefined) return leaving
  const failure = toFailure(error)
  process.stderr.write(failureText(failure, error))
  if (json) process.stdout.write(`${failureJson(failure)}\n`)
  return failure.exitCode
}

/** Whether `--json` is among the arguments, before a `--`. */
export function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  return argv.slice(0, end === -1 ? undefined : end).includes('--json')
}

/**
 * The program's error for whatever escaped; oclif's complaints about arguments, with its exit code 2 (127: no such command), are `usage`.
 */
function toFailure(error: unknown): ShareError {
  if (!(error instanceof Error) || error instanceof ShareError) return asShareError(error)
  const exit = oclifExit(error)
  if (exit !== 2 && exit !== 127) return asShareError(error)
  return new ShareError('usage', rewordOclif(error.message), { cause: error })
}

/**
 * `Error: message`, then the hint; with the stack where the error is none of the program's own. Both may have come from another machine.
 */
function failureText(failure: ShareError, error: unknown): string {
  const isForeign = failure !== error && failure.errorName === 'unexpected' && error instanceof Error
  const stack = isForeign ? error.stack : undefined
  const lines = [stack === undefined ? `Error: ${failure.message}` : stack]
  if (failure.hint) lines.push(failure.hint)
  return `${visibleText(lines.join('\n'))}\n`
}

/** One line: `{"error":{name,code,message,hint,…facts}}`. */
function failureJson({ facts, errorName, code, message, hint }: ShareError): string {
  return safeJson({ error: { ...facts, name: errorName, code, message, hint } })
}

/** The code of oclif's `ExitError`. */
function exitRequest(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'EEXIT') return undefined
  return oclifExit(error) ?? 0
}

/** What oclif puts on its errors as `oclif.exit`. Looked at by shape: in another program the errors are of that program's copy of oclif. */
function oclifExit(error: Error): number | undefined {
  if (!('oclif' in error) || typeof error.oclif !== 'object' || error.oclif === null) return undefined
  return 'exit' in error.oclif && typeof error.oclif.exit === 'number' ? error.oclif.exit : undefined
}
