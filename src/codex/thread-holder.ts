/** Finds the process that has a thread open, as far as the system tells: Codex keeps the thread's file open while it may write to it. */
import { readdir, readFile, readlink } from 'node:fs/promises'

export interface ThreadHolder {
  readonly pid: number
  /** Its command line, cut to a readable length. */
  readonly command: string
}

const longestCommand = 120

/** Looks at the user's own processes; only Linux shows their open files as files. Undefined when none is found. */
export async function holderOf(threadId: string, exceptPid: number | null): Promise<ThreadHolder | undefined> {
  for (const pid of (await list('/proc')).map(Number)) {
    if (!Number.isInteger(pid) || pid === exceptPid) continue
    for (const fd of await list(`/proc/${pid}/fd`)) {
      const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '') // Closed meanwhile.
      if (target.includes(threadId)) return { pid, command: await commandOf(pid) }
    }
  }
  return undefined
}

/** What may not be looked at (other users' processes, another system) has nothing in it for us. */
function list(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => [])
}

async function commandOf(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '') // Ended meanwhile.
  return text.replaceAll('\0', ' ').trim().slice(0, longestCommand)
}
