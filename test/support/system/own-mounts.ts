/** Programs that see mounts of their own, in a namespace that goes with them: what a disk that is full or read-only is to them. */
import { spawnSync } from 'node:child_process'

const unshare = [...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']), '--mount']

/** Why it cannot be had here; null when it can. */
export function noOwnMounts(): string | null {
  const { status, stderr, error } = spawnSync('unshare', [...unshare, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'])
  if (status === 0) return null
  return error?.message ?? stderr.toString('utf8').trim()
}

/** A command line that runs shell lines first, such as mounts, and then becomes `command`. */
export function amongOwnMounts(lines: string, command: readonly string[]): readonly [file: string, args: string[]] {
  return ['unshare', [...unshare, '/bin/sh', '-ec', `${lines}\nexec "$@"`, 'sh', ...command]]
}
