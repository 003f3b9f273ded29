/** Which variables of its environment the app-server takes API keys from, and what they were when it was started. */
import * as v from 'valibot'
import type { ProcessRecord } from '../../platform/processes/process-record.ts'
import { digestKeys } from '../../platform/settings/key-digests.ts'
import { type KeyDigests, keyDigestsSchema } from '../../protocol/status.ts'
import type { AppServerLink } from '../link/app-server-link.ts'

/** Codex's own; those of model providers are named in its settings. */
const ownKeys = ['OPENAI_API_KEY', 'CODEX_API_KEY', 'CODEX_ACCESS_TOKEN'] as const

const settingsSchema = v.object({
  config: v.object({
    model_providers: v.nullish(
      v.record(
        v.string(),
        v.object({ env_key: v.nullish(v.string()), env_http_headers: v.nullish(v.record(v.string(), v.string())) }),
      ),
    ),
  }),
})

/** Of an app-server that was just started with this environment. Settings that cannot be read name no keys. */
export async function digestProviderKeys(link: AppServerLink, env: NodeJS.ProcessEnv): Promise<KeyDigests> {
  const settings = await link.forward('config/read', {}, { timeoutMs: 5000 }).catch(() => undefined)
  const parsed = v.safeParse(settingsSchema, settings)
  const providers = parsed.success ? Object.values(parsed.output.config.model_providers ?? {}) : []
  const named = providers.flatMap(({ env_key, env_http_headers }) => [
    env_key,
    ...Object.values(env_http_headers ?? {}),
  ])
  return digestKeys([...ownKeys, ...named.filter((name) => typeof name === 'string')], env)
}

/** Undefined for an app-server that somebody else started, whose environment is not known. */
export function keysIn({ keys }: ProcessRecord): KeyDigests | undefined {
  const parsed = v.safeParse(keyDigestsSchema, keys)
  return parsed.success ? parsed.output : undefined
}
