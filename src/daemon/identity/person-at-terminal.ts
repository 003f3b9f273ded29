/** Whether a process is a person's own UI: in the foreground of a terminal, and reading it key by key. */
import { readFileSync } from 'node:fs'
import { runTool } from '../../platform/run-tool.ts'

const systemTools = { PATH: '/usr/bin:/bin', LC_ALL: 'C' }

/**
 * By the kernel, and not by what the client says of itself. A script has no terminal, or leaves it in line mode; a job in the background
 * of a shell that reads key by key is not in the foreground. On macOS nobody counts as one yet.
 */
export async function isPersonAtTerminal(pid: number | null): Promise<boolean> {
  if (pid === null || !isInForeground(pid)) return false
  const { stdout } = await runTool('stty', ['-F', `/proc/${pid}/fd/0`, '-a'], { env: systemTools, timeoutMs: 2000 })
  return /(^|\s)-icanon\b/.test(stdout)
}

/** `/proc/PID/stat`, behind the name: state ppid pgrp session tty_nr tpgid … */
function isInForeground(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [, , group, , terminal, foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return terminal !== '0' && group === foreground
  } catch {
    return false // It has ended.
  }
}
