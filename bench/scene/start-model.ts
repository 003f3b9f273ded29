/** The scripted model in a process of its own, so that it takes no time from whoever measures. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { endWithUs } from './clean-up.ts'

const program = fileURLToPath(new URL('../programs/model.ts', import.meta.url))

export async function startModel(): Promise<{ readonly baseUrl: string; close(): void }> {
  const child = fork(program, { execPath: process.execPath, execArgv: [] })
  endWithUs(child)
  const [{ baseUrl }] = await once(child, 'message')
  return { baseUrl, close: () => child.disconnect() }
}
