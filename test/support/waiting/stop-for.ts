/** Stops a process as Ctrl-Z, a paused machine or a closed lid does. */
import { setTimeout as delay } from 'node:timers/promises'

/** Does something and lets so much time pass while the process cannot run; it is the passing of the time that counts. */
export async function stopFor(pid: number, ms: number, meanwhile: () => void = () => {}): Promise<void> {
  process.kill(pid, 'SIGSTOP')
  try {
    meanwhile()
    await delay(ms)
  } finally {
    process.kill(pid, 'SIGCONT')
  }
}
