/** The UI in a pseudo-terminal whose bytes are seen as they come: what a person would see, without the delay of looking. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

export interface Pty {
  write(text: string): void
  /** Milliseconds from the start (or the last `forget`) until the output has `text`. */
  until(text: string, timeoutMs?: number): Promise<number>
  /** Waits for new output only, from now on. */
  forget(): void
  /** Pid of the program itself. */
  readonly pid: () => number
  close(): void
}

/** Runs a command in 100 columns and 30 rows, through util-linux's `script`. */
export function openPty(command: readonly string[], { env, cwd }: { env: NodeJS.ProcessEnv; cwd: string }): Pty {
  const line = `stty cols 100 rows 30; exec ${command.map((word) => `'${word}'`).join(' ')}`
  let started = performance.now()
  const child: ChildProcessWithoutNullStreams = spawn('script', ['-qfc', line, '/dev/null'], {
    env: { ...env, TERM: 'xterm-256color', SHELL: '/bin/sh' },
    cwd,
  })
  let seen = ''
  const waiting = new Set<() => void>()
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    seen = (seen + text).slice(-200_000)
    for (const look of waiting) look()
  })
  return {
    write: (text) => child.stdin.write(text),
    until: (text, timeoutMs = 60_000) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!seen.includes(text)) return
          waiting.delete(look)
          clearTimeout(timer)
          resolve(performance.now() - started)
        }
        const timer = setTimeout(() => reject(new Error(`never shown: ${text}\n${seen.slice(-2000)}`)), timeoutMs)
        waiting.add(look)
        look()
      }),
    forget: () => {
      seen = ''
      started = performance.now()
    },
    pid: () => Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ')[0]),
    close: () => {
      child.kill('SIGKILL')
    },
  }
}
