/** What a command said on stderr, without the lines that tell what it waits for: they come on a slow machine, and on no other. */
export function withoutWaiting(said: string): string {
  return said.replaceAll(/^waiting for [\w ]+…\n/gm, '')
}
