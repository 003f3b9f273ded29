/** Writes values so that systemd reads them back as they are; see systemd.syntax(7) and systemd.service(5). */
import { ShareError } from '../../protocol/errors.ts'

/** A path that stands alone after `=`. */
export function unitPath(path: string): string {
  return escapeSpecifiers(assertOneLine(path))
}

/** The program of an ExecStart, whose `$` systemd leaves alone. */
export function execProgram(path: string): string {
  return quoteWhereNeeded(unitPath(path))
}

/** One argument of an ExecStart. */
export function execArgument(argument: string): string {
  return quoteWhereNeeded(unitPath(argument)).replaceAll('$', '$$$$')
}

/** A line for each variable; `undefined` takes it out of what systemd would pass on. */
export function environmentLines(variables: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(variables)
    .map(([name, value]) =>
      value === undefined ? `UnsetEnvironment=${name}` : `Environment=${quote(unitPath(`${name}=${value}`))}`,
    )
    .join('\n')
}

function escapeSpecifiers(text: string): string {
  return text.replaceAll('%', '%%')
}

function quoteWhereNeeded(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : quote(text)
}

function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

function assertOneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what cannot be written.
  if (!/[\u0000-\u001f\u007f]/.test(text)) return text
  throw new ShareError('usage', `${JSON.stringify(text)} has a control character, which a unit file cannot hold`)
}
