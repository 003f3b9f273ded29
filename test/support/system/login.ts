/** A person who has logged in to a booted system: a session that logind knows, with a shell that is typed into. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { SystemdNamespaces } from './systemd-namespaces.ts'
import { entering, ourProgram, type RunResult, type UserInside } from './user-inside.ts'

export interface Login {
  /** Types a command into the shell and waits for its end. */
  run(...words: string[]): Promise<RunResult>
  /** Our own program, typed in. */
  share(...args: string[]): Promise<RunResult>
  /** Ends the shell, as Ctrl-D does. */
  logOut(): Promise<void>
  /** Until the session has ended. */
  readonly ended: Promise<unknown>
}

/** Gives the shell once it answers. */
export async function logIn(namespaces: SystemdNamespaces, { seen }: Pick<UserInside, 'seen'>): Promise<Login> {
  // As a service of the machine's, like a getty or sshd, whose child logind then takes into the session. Without the class it would be
  // one in the background, as there is no terminal.
  const service = ['systemd-run', '--pipe', '--wait', '--quiet', '--collect', '--setenv=XDG_SESSION_CLASS=user']
  const shell = spawn('nsenter', [...entering(namespaces), ...service, 'runuser', '--login', 'tester'])
  let said = ''
  shell.stderr.on('data', (text: Buffer) => {
    said += text.toString('utf8')
  })
  shell.stdin.on('error', ({ message }) => {
    said += message
  })
  const ended = once(shell, 'exit')
  const lines = createInterface({ input: shell.stdout })
  const run: Login['run'] = async (...words) => {
    shell.stdin.write(`${words.map(quoted).join(' ')} </dev/null >/tmp/stdout 2>/tmp/stderr; echo $?\n`)
    const [status] = await Promise.race([once(lines, 'line'), ended.then(() => [])])
    if (status === undefined) throw new Error(`the session ended at ${words.join(' ')}: ${said}`)
    const output = (name: string) => readFileSync(seen(`/tmp/${name}`), 'utf8')
    return { status: Number(status), stdout: output('stdout'), stderr: output('stderr') }
  }
  await run('true')
  return {
    run,
    share: (...args) => run(...ourProgram, ...args),
    async logOut() {
      shell.stdin.end()
      await ended
    },
    ended,
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}
