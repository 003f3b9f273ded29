/** What a command takes as a whole process, as the person at the prompt has it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { endWithUs } from '../scene/clean-up.ts'

export interface FinishedProcess {
  readonly ms: number
  readonly stdout: Buffer
}

/** Runs node with these arguments from start to end. @throws Error when it does not end with 0 */
export async function wholeProcess(args: readonly string[], env: NodeJS.ProcessEnv): Promise<FinishedProcess> {
  const from = performance.now()
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  endWithUs(child)
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout.on('data', (bytes: Buffer) => stdout.push(bytes))
  child.stderr.on('data', (bytes: Buffer) => stderr.push(bytes))
  const [code] = await once(child, 'close')
  const ms = performance.now() - from
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${Buffer.concat(stderr)}`)
  return { ms, stdout: Buffer.concat(stdout) }
}
