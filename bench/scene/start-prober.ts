/** Starts the peer that asks every 10 ms, and says what its answers took while something was done. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { endWithUs } from './clean-up.ts'

export interface Prober {
  /** Milliseconds of each answer while `work` was done. */
  during(work: () => Promise<void>): Promise<readonly number[]>
  close(): void
}

const program = fileURLToPath(new URL('../programs/prober.ts', import.meta.url))

export async function startProber(socketPath: string): Promise<Prober> {
  const child = fork(program, [socketPath], { execPath: process.execPath, execArgv: [] })
  const release = endWithUs(child)
  await once(child, 'message')
  const report = async (): Promise<readonly number[]> => {
    child.send('report')
    const [latenciesMs] = await once(child, 'message')
    return latenciesMs
  }
  return {
    async during(work) {
      await report()
      await work()
      return report()
    },
    close() {
      child.disconnect()
      release()
    },
  }
}
