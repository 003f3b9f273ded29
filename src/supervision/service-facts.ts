/** Gathers the facts for the units: absolute paths, and the few variables of the installing shell that the programs need. */

import { isAbsolute } from 'node:path'
import { codexVersion } from '../codex/binary/codex-version.ts'
import { type CodexBinary, findCodex } from '../codex/binary/find-codex.ts'
import type { Environment, Places } from '../platform/places/resolve-places.ts'
import { currentFolder } from '../platform/places/work-folder.ts'
import { stablePath } from '../platform/processes/stable-path.ts'
import { ShareError } from '../protocol/errors.ts'

export interface ServiceFacts {
  readonly node: string
  /** bin/run.js of this package. */
  readonly program: string
  readonly codex: CodexBinary
  readonly codexVersion: string
  readonly places: Places
  /** Where the user's folders are, as far as the shell says so itself. */
  readonly variables: Readonly<Record<string, string>>
  /** The shell's own: the agent's commands are looked up there. */
  readonly path: string
  /** The shell's language and character set, for a manager that has none to hand on. */
  readonly locale: Readonly<Record<string, string>>
}

interface GatherOptions {
  readonly env: Environment
  readonly places: Places
  readonly node: string
  readonly program: string
  /** From `--codex-bin`. */
  readonly codexBin: string | undefined
  /** From the settings file. */
  readonly codexSetting: string | undefined
}

/** Only where things are; never a key or a token, which do not belong in a unit file. */
const carried = [
  'CODEX_HOME',
  'CODEX_SHARE_RUNTIME_DIR',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'XDG_STATE_HOME',
  'XDG_CACHE_HOME',
] as const

/** @throws ShareError `unavailable` when there is no usable Codex */
export async function gatherServiceFacts(options: GatherOptions): Promise<ServiceFacts> {
  const { env, places, node, program, codexBin, codexSetting } = options
  const processEnv: NodeJS.ProcessEnv = { ...env }
  const codex = await findCodex({
    flag: codexBin,
    setting: codexSetting,
    env: processEnv,
    packageFrom: program,
    cwd: currentFolder(),
  })
  const version = await codexVersion(codex, { env: processEnv })
  const variables = setVariables(env, carried).map(([name, value]) => [name, assertAbsolute(name, value)] as const)
  return {
    node: stablePath(node),
    program: stablePath(program),
    codex: stableCommand(codex),
    codexVersion: version,
    places,
    variables: Object.fromEntries(variables),
    path: searchPath(env.PATH ?? ''),
    locale: Object.fromEntries(setVariables(env, ['LANG', 'LC_ALL', 'LC_CTYPE'])),
  }
}

function setVariables(env: Environment, names: readonly string[]): (readonly [string, string])[] {
  return names.flatMap((name) => {
    const value = env[name]
    return value ? [[name, value] as const] : []
  })
}

function stableCommand(codex: CodexBinary): CodexBinary {
  const env = Object.entries(codex.env).map(([name, value]) => [name, value && stablePath(value)] as const)
  return { ...codex, path: stablePath(codex.path), args: codex.args.map(stablePath), env: Object.fromEntries(env) }
}

/** What the daemon is to look for: of a script the script, since what runs that is Node. */
export function fileOf({ path, args }: CodexBinary): string {
  return args[0] ?? path
}

/** A relative entry would mean another folder to the service. */
function searchPath(path: string): string {
  return [...new Set(path.split(':').filter(isAbsolute).map(stablePath))].join(':')
}

function assertAbsolute(name: string, value: string): string {
  if (isAbsolute(value)) return value
  throw new ShareError('usage', `${name} is not an absolute path: “${value}”`, {
    hint: 'The service would look for it in another folder than you. Set it to an absolute path, or unset it.',
  })
}
