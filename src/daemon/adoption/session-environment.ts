/** The environment of the shell that a plain `codex` was started in, for the commands of its own thread. */
import { keptSecrets } from '../../platform/environment/kept-environment.ts'
import { differing, personVariables, type Variables } from '../../platform/environment/person-variables.ts'
import { thisSystem } from '../../platform/system/this-system.ts'
import { type JsonObject, objectIn, objectOf } from '../../protocol/json/read-json.ts'
import type { DaemonCore } from '../core.ts'
import type { PeerIdentity } from '../peers/peer-identity.ts'

type Deps = Pick<DaemonCore, 'places' | 'supervisor' | 'gateway' | 'log'>

const policyName = 'shell_environment_policy'
/** More than this is no environment that somebody set up by hand. */
const mostBytes = 64 * 1024

/**
 * The parameters of a request that loads a thread, with what the session's shell has set differently from the app-server. Where the person
 * has said in Codex's own settings which variables commands get, that is left as it is.
 */
export async function withSessionEnvironment(
  deps: Deps,
  { pid, kind }: PeerIdentity,
  params: JsonObject,
): Promise<JsonObject> {
  const config = objectIn(params, 'config') ?? {}
  if (kind !== 'own' || Object.keys(config).some((name) => name.startsWith(policyName))) return params
  try {
    const set = await differences(deps, pid)
    if (Object.keys(set).length === 0 || (await hasPolicy(deps, params))) return params
    return { ...params, config: { ...config, [`${policyName}.set`]: set } }
  } catch (error) {
    deps.log.warn({ err: error }, 'the environment of a plain codex is not known')
    return params
  }
}

async function differences({ places, supervisor, log }: Deps, pid: number): Promise<Variables> {
  const server = supervisor.info?.pid
  const [shell, base] = await Promise.all([
    thisSystem.environmentOf(pid),
    server == null ? undefined : thisSystem.environmentOf(server),
  ])
  if (!shell || !base) return {}
  const { variables } = personVariables(shell, keptSecrets(places))
  const set = differing(variables, base)
  if (JSON.stringify(set).length <= mostBytes) return set
  log.warn({ pid, bytes: JSON.stringify(set).length }, 'the environment of a plain codex is too large to pass on')
  return {}
}

async function hasPolicy({ gateway }: Deps, { cwd }: JsonObject): Promise<boolean> {
  const link = await gateway.link()
  const asked = typeof cwd === 'string' ? { cwd } : {}
  const answer = objectOf(await link.forward('config/read', asked, { timeoutMs: 2000 }))
  const policy = objectIn(objectIn(answer, 'config'), policyName)
  return Object.values(policy ?? {}).some((value) => value !== null)
}
