/** The namespaces of a script that runs a systemd, for as long as they are wanted. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export const projectDir = fileURLToPath(new URL('../../..', import.meta.url))
/** Of the user `tester`. */
export const uid = 60_111

export interface SystemdNamespaces {
  /** Pid of the first process inside, as it is seen from here. */
  readonly pid: string
  /** Asks the script, whose first process has ended, for another one. */
  again(): Promise<void>
  /** Ends everything in them. */
  close(): Promise<void>
}

/** Where they cannot be had, the reason. */
export class NoSystemd extends Error {}

/** @param args what the script is given besides the project, the home and the uid */
export async function openNamespaces(script: string, home: string, ...args: string[]): Promise<SystemdNamespaces> {
  const path = fileURLToPath(new URL(script, import.meta.url))
  const child = spawn('bash', [path, projectDir, home, String(uid), ...args])
  let said = ''
  child.stderr.on('data', (text: Buffer) => {
    said += text.toString('utf8')
  })
  child.stdin.on('error', ({ message }) => {
    said += message
  })
  const ended = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })
  const ready = async () => {
    const [first] = await Promise.race([once(lines, 'line'), ended])
    const found = /^ready (\d+)$/.exec(String(first))?.[1]
    if (found !== undefined) return found
    if (first === 77) throw new NoSystemd(said.trim())
    throw new Error(`${script} ended with ${first}: ${said}`)
  }
  let pid = await ready()
  return {
    get pid() {
      return pid
    },
    async again() {
      child.stdin.write('\n')
      pid = await ready()
    },
    async close() {
      child.stdin.end()
      await ended
    },
  }
}
