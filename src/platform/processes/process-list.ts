/** Looks for a process by its command line, where nothing else is known of it. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * Pid of the user's own process that leads a session, as one in the background does, and whose command line ends with these arguments.
 *
 * Undefined when there is none, or no `ps` to ask.
 */
export async function sessionLeaderWith(args: readonly string[]): Promise<number | undefined> {
  const { stdout } = await run('ps', ['-ww', '-A', '-o', 'pid=,uid=,stat=,args='], {
    env: { LC_ALL: 'C', PATH: '/bin:/usr/bin' },
    maxBuffer: 64 * 1024 * 1024,
  }).catch(() => ({ stdout: '' })) // A system without it: the process is used, and not stopped by us.
  for (const line of stdout.split('\n')) {
    const [pid, uid, state] = line.trim().split(/\s+/, 3)
    const isOurs = Number(uid) === process.getuid?.() && state?.includes('s')
    if (isOurs && line.endsWith(` ${args.join(' ')}`)) return Number(pid)
  }
  return undefined
}
