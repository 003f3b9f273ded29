/** The script that a command hands to a shell, as Codex wraps every command. Pure. */

/** Only shells that belong to the system: one of another place may do anything with its script. */
const wrapper = /^(?:\/usr)?\/bin\/(?:ba|da|z)?sh -l?c (?<word>.+)$/s
/** What a shell takes literally; a `$` or a backtick between double quotes is not. */
const part = /'(?<single>[^']*)'|"(?<double>(?:[^"\\$`]|\\.)*)"|\\(?<escaped>[^\n])|(?<plain>[\w@%+=:,./-]+)/sy

/** `npm test` of `/bin/bash -lc 'npm test'`; undefined where the command is anything more than that, or less. */
export function scriptOf(command: string): string | undefined {
  const { word } = wrapper.exec(command)?.groups ?? {}
  if (word === undefined) return undefined
  let script = ''
  part.lastIndex = 0
  while (part.lastIndex < word.length) {
    const found = part.exec(word)?.groups
    if (!found) return undefined
    const { single, double, escaped, plain } = found
    script += single ?? double?.replaceAll(/\\(?:([$`"\\])|\n)/g, '$1') ?? escaped ?? plain ?? ''
  }
  return script
}
