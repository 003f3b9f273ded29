/**
 * The npm package of Codex starts its native binary through a Node script; this finds that binary and what the script would do.
 *
 * Running it directly saves a Node start and leaves no script that would have to hand signals on. The script (bin/codex.js of
 * @openai/codex 0.169) picks the platform package's binary and sets CODEX_MANAGED_PACKAGE_ROOT and one CODEX_MANAGED_BY_…; the rest
 * of it finds out which package manager installed it. Only npm's own layout is short-cut here: every other is left to the script.
 */
import { access, constants, readFile, realpath } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, sep } from 'node:path'
import * as v from 'valibot'
import { currentNode } from '../../platform/processes/stable-path.ts'
import { thisSystem } from '../../platform/system/this-system.ts'

/** How to start Codex. `env` is added to the environment; a member that is undefined is taken out of it. */
export interface CodexCommand {
  readonly path: string
  /** Go before the arguments of the caller. */
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
}

const platformPackages: Readonly<Record<string, readonly [packageName: string, target: string]>> = {
  'linux-x64': ['@openai/codex-linux-x64', 'x86_64-unknown-linux-musl'],
  'linux-arm64': ['@openai/codex-linux-arm64', 'aarch64-unknown-linux-musl'],
  'darwin-x64': ['@openai/codex-darwin-x64', 'x86_64-apple-darwin'],
  'darwin-arm64': ['@openai/codex-darwin-arm64', 'aarch64-apple-darwin'],
}

const manifestSchema = v.object({ name: v.literal('@openai/codex') })

/**
 * How to start the Codex whose executable is at `file`: directly where `file` is, through links, the npm package's script and the
 * native binary can be found as the script would find it; else `file` as it is.
 */
export async function commandFor(file: string): Promise<CodexCommand> {
  const script = await realpath(file)
  if (!(await isLauncher(script))) return { path: file, args: [], env: {} }
  const packageRoot = dirname(dirname(script))
  const native = isPlacedByNpm(script) ? await nativeBinary(script) : undefined
  // This very Node, as the one on PATH that the script's first line asks for may be missing in a service's environment.
  if (native === undefined) return { path: currentNode(), args: [script], env: {} }
  return {
    path: native,
    args: [],
    env: {
      CODEX_MANAGED_PACKAGE_ROOT: packageRoot,
      CODEX_MANAGED_BY_NPM: '1',
      CODEX_MANAGED_BY_BUN: undefined,
      CODEX_MANAGED_BY_PNPM: undefined,
      CODEX_MANAGED_BY_VITE_PLUS: undefined,
    },
  }
}

async function isLauncher(script: string): Promise<boolean> {
  if (!script.endsWith(join('bin', 'codex.js'))) return false
  try {
    const manifest: unknown = JSON.parse(await readFile(join(dirname(dirname(script)), 'package.json'), 'utf8'))
    return v.is(manifestSchema, manifest)
  } catch {
    return false // No readable manifest beside it: somebody else's codex.js, to be run as it is.
  }
}

/** npm puts packages right under a node_modules; pnpm, bun and Vite+ keep them in stores of their own, which show in the real path. */
function isPlacedByNpm(script: string): boolean {
  const folders = script.split(sep)
  return !folders.some((folder) => folder === '.pnpm' || folder === '.bun' || folder === 'packages')
}

async function nativeBinary(script: string): Promise<string | undefined> {
  const [packageName, target] = platformPackages[`${thisSystem.name}-${process.arch}`] ?? []
  if (packageName === undefined || target === undefined) return undefined
  try {
    const manifest = createRequire(script).resolve(`${packageName}/package.json`)
    const binary = join(dirname(manifest), 'vendor', target, 'bin', 'codex')
    await access(binary, constants.X_OK)
    return binary
  } catch {
    return undefined // The platform package is missing: the script says so in its own, better words.
  }
}
