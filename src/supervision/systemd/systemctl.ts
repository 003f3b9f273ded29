/** Talks to the user's own systemd. */
import { existsSync } from 'node:fs'
import type { Environment } from '../../platform/places/resolve-places.ts'
import { runTool, type ToolResult } from '../../platform/system/run-tool.ts'
import { ShareError } from '../../protocol/errors.ts'

/** `systemctl --user ARGS`; the result says how it went. */
export function systemctl(args: readonly string[], env: Environment, signal?: AbortSignal): Promise<ToolResult> {
  return runTool('systemctl', ['--user', ...args], { env: withRuntimeDir(env), timeoutMs: 60_000, signal })
}

/** @throws ShareError `unavailable` with systemctl's own complaint */
export async function systemctlOrThrow(
  args: readonly string[],
  env: Environment,
  signal?: AbortSignal,
): Promise<string> {
  const { code, stdout, complaint } = await systemctl(args, env, signal)
  if (code === 0) return stdout
  const command = `systemctl --user ${args.join(' ')}`
  throw new ShareError('unavailable', `\`${command}\` failed: ${complaint || `exit code ${code}`}`, {
    hint: 'Look at `codex-share service status`, and at `codex-share daemon logs`.',
  })
}

/** Without this variable (cron, some ssh logins) systemctl does not find a manager that does run. */
function withRuntimeDir(env: Environment): NodeJS.ProcessEnv {
  const login = `/run/user/${process.getuid?.()}`
  return env.XDG_RUNTIME_DIR || !existsSync(login) ? { ...env } : { ...env, XDG_RUNTIME_DIR: login }
}
