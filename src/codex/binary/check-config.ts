/** Has Codex read its own settings, and says what it complains of: its app-server finds out only when a thread is opened. */
import { runTool } from '../../platform/system/run-tool.ts'
import type { ShareError } from '../../protocol/errors.ts'
import { unreadableConfig } from '../link/upstream-quirks.ts'
import type { CodexCommand } from './npm-launcher.ts'

const timeoutMs = 10_000

/** Of its commands `login status` is the one that reads the settings, asks nobody and writes nothing; undefined when it can read them. */
export async function configProblem(codex: CodexCommand, env: NodeJS.ProcessEnv): Promise<ShareError | undefined> {
  const args = [...codex.args, 'login', 'status']
  const { complaint } = await runTool(codex.path, args, { env: { ...env, ...codex.env }, timeoutMs })
  const reason = /^Error loading configuration: (.*)$/m.exec(complaint)?.[1]
  return reason === undefined ? undefined : unreadableConfig(reason)
}
