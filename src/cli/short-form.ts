/** The short form of our own program: `codex-share post` is `codex-share share post`, and with nothing but flags it is the terminal UI. */

/** Flags that oclif itself answers at the top. */
const oclifFlags = new Set(['--help', '-h', '--version', '-v'])

/** The arguments with the topic put in front where a verb of `share` comes first; also behind `help`. `commandIds` are oclif's, with colons. */
export function expandShortForm(argv: readonly string[], commandIds: readonly string[]): string[] {
  const [first, ...rest] = argv
  if (opensUi(first) && commandIds.includes('tui')) return ['tui', ...argv]
  if (first === undefined) return []
  if (first === 'help') return rest.length === 0 ? [first] : [first, ...expandShortForm(rest, commandIds)]
  const isTaken = commandIds.some((id) => id === first || id.startsWith(`${first}:`))
  return !isTaken && commandIds.includes(`share:${first}`) ? ['share', ...argv] : [...argv]
}

function opensUi(first: string | undefined): boolean {
  return first === undefined || (first.startsWith('-') && !oclifFlags.has(first))
}
