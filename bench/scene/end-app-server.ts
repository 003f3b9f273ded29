/** Ends the app-server of a scene: it outlives its daemon, and writes into the home for as long as it lives. */
import { existsSync, readFileSync } from 'node:fs'

const [patienceMs, stepMs] = [3000, 10]

/** Asks it to end and waits until it has, without giving way to anything else: this is also done on the way out. */
export function endAppServer(recordPath: string): void {
  if (!existsSync(recordPath)) return
  const pid = Number(JSON.parse(readFileSync(recordPath, 'utf8')).pid)
  const sleeper = new Int32Array(new SharedArrayBuffer(4))
  signalGroup(pid, 'SIGTERM')
  for (let waitedMs = 0; isRunning(pid) && waitedMs < patienceMs; waitedMs += stepMs)
    Atomics.wait(sleeper, 0, 0, stepMs)
  if (isRunning(pid)) signalGroup(pid, 'SIGKILL')
}

/** A zombie, which its parent has not looked after yet, has ended. */
function isRunning(pid: number): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return false
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2))
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
