/** Writes text as one word for a shell, in the commands that people copy and those that are run on another machine. Pure. */

/** What every shell takes as it is. */
const harmless = /^[\w+,./:@-]+$/

/** As it is where that is harmless, else between single quotes. */
export function shellWord(text: string): string {
  return harmless.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
