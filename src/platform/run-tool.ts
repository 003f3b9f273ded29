/** Runs a program of the system's to its end, for what it prints and whether it went well. */
import { execFile } from 'node:child_process'

export interface ToolResult {
  /** Exit code; null when it could not be started or did not end in time. */
  readonly code: number | null
  readonly stdout: string
  /** What it complained of, in one piece; also why it could not be started. */
  readonly complaint: string
  /** There is no such program. */
  readonly missing: boolean
}

export interface RunToolOptions {
  readonly env: NodeJS.ProcessEnv
  /** Milliseconds until it is killed; 30 s unless told. */
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
    const options = { env, timeout: timeoutMs, signal, killSignal: 'SIGKILL', maxBuffer: 64 * 1024 * 1024 } as const
    execFile(program, args, options, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : null) : 0
      const late = error?.killed === true ? `${program} did not end within ${timeoutMs / 1000} s` : undefined
      const complaint = stderr.trim() || late || (code === null ? (error?.message ?? '') : '')
      resolve({ code, stdout, complaint, missing: error?.code === 'ENOENT' })
    })
  })
}
