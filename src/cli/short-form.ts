/** The short form of our own program: `codex-share post` is `codex-share share post`. */

/** The arguments with the topic put in front where a verb of `share` comes first; also behind `help`. `commandIds` are oclif's, with colons. */
export function expandShortForm(argv: readonly string[], commandIds: readonly string[]): string[] {
  const [first, ...rest] = argv
  if (first === undefined) return []
  if (first === 'help') return [first, ...expandShortForm(rest, commandIds)]
  const isTaken = commandIds.some((id) => id === first || id.startsWith(`${first}:`))
  return !isTaken && commandIds.includes(`share:${first}`) ? ['share', ...argv] : [...argv]
}
