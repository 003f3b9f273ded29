/** Runs a program of the system's to its end, for what it prints and whether it went well. */
import { execFile } from 'node:child_process'
import { awakeTimeout } from '../time/awake-clock.ts'

export interface ToolResult {
  /** Exit code; null when it could not be started or did not end in time. */
  readonly code: number | null
  readonly stdout: string
  /** What it complained of, in one piece; also why it could not be started. */
  readonly complaint: string
  /** There is no such program. */
  readonly missing: boolean
  /** It did not end in time, and was killed. */
  readonly late: boolean
}

interface RunToolOptions {
  readonly env: NodeJS.ProcessEnv
  /** Milliseconds until it is killed; 30 s by default. */
  readonly timeoutMs?: number
  /** Kills it. */
  readonly signal?: AbortSignal | undefined
}

/** Never rejects: what went wrong is part of the result. */
export function runTool(
  program: string,
  args: readonly string[],
  { env, timeoutMs = 30_000, signal }: RunToolOptions,
): Promise<ToolResult> {
  return new Promise((resolve) => {
    let late = false
    const options = { env, signal, killSignal: 'SIGKILL', maxBuffer: 64 * 1024 * 1024 } as const
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      timeout.clear()
      const code = error ? (typeof error.code === 'number' ? error.code : null) : 0
      const lateness = late ? `${program} did not end within ${timeoutMs / 1000} s` : ''
      const complaint = stderr.trim() || lateness || (code === null ? (error?.message ?? '') : '')
      resolve({ code, stdout, complaint, missing: error?.code === 'ENOENT', late })
    })
    // Not the time limit of execFile: it keeps running during a sleep.
    const timeout = awakeTimeout(() => {
      late = true
      // What it has started may hold its output open.
      child.stdout?.destroy()
      child.stderr?.destroy()
      child.kill('SIGKILL')
    }, timeoutMs)
  })
}
