/** Makes a CODEX_HOME whose only model is the scripted one, so that Codex runs whole turns without an account or a network. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface ScriptedHomeOptions {
  /** The folder, made if missing. Not under /tmp, where Codex warns about it. */
  readonly dir: string
  /** The scripted model's base URL. */
  readonly baseUrl: string
  /** Codex's `approval_policy`; `never` by default. */
  readonly approvalPolicy?: 'never' | 'on-request' | 'untrusted'
  /** Codex's `sandbox_mode` for the commands it runs; `read-only` by default. */
  readonly sandboxMode?: 'read-only' | 'workspace-write'
  /** Codex's `model_provider`, where one of the tables is to be it. */
  readonly provider?: string
  /** More tables of config.toml: features, tool servers. */
  readonly tables?: string
}

export function makeScriptedHome(options: ScriptedHomeOptions): void {
  const {
    dir,
    baseUrl,
    approvalPolicy = 'never',
    sandboxMode = 'read-only',
    provider = 'scripted',
    tables = '',
  } = options
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const config = `model = "scripted"
model_provider = "${provider}"
approval_policy = "${approvalPolicy}"
sandbox_mode = "${sandboxMode}"

[model_providers.scripted]
name = "scripted"
base_url = "${baseUrl}"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0

${tables}`
  writeFileSync(join(dir, 'config.toml'), config)
}
