/** Finds the Codex to run: what was asked for by name first, then the `codex` on PATH, then the one that came with this package. */
import { access, constants, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { delimiter, isAbsolute, join, resolve } from 'node:path'
import type { ShareError } from '../../protocol/errors.ts'
import { shellWord } from '../../protocol/text/shell-word.ts'
import { UnusableCodex } from './codex-version.ts'
import { type CodexCommand, commandFor } from './npm-launcher.ts'

export type CodexSource = 'flag' | 'settings' | 'environment' | 'path' | 'package'

export interface CodexBinary extends CodexCommand {
  readonly source: CodexSource
}

export interface FindCodexOptions {
  /** From `--codex-bin`. */
  readonly flag?: string | undefined
  /** From the settings file. */
  readonly setting?: string | undefined
  /** Read for CODEX_SHARE_CODEX_BIN and PATH. */
  readonly env: NodeJS.ProcessEnv
  /** Whose PATH that is and what changes it, where it is not that of the person who reads the error. */
  readonly owner?: { readonly path: string; readonly fix: string }
  /** File or file URL of a module of the program's own package, to look for its `@openai/codex` from. */
  readonly packageFrom?: string | undefined
  /** Relative paths, such as the flag's, are meant from here. */
  readonly cwd: string
  /**
   * Why a program that only the settings name is not to be run; undefined when it may. What is named on the command line or by the
   * environment, or is on PATH, is the choice of a person, who would run it by hand as well.
   */
  readonly unsafe?: (path: string) => string | undefined
}

const install =
  'Install Codex (`npm install -g @openai/codex`), or name the binary with --codex-bin or CODEX_SHARE_CODEX_BIN.'

/**
 * Finds Codex. A name given outright is used or refused: falling through to another Codex would hide the mistake.
 *
 * @throws ShareError `unavailable` with what to do
 */
export async function findCodex(options: FindCodexOptions): Promise<CodexBinary> {
  const { flag, setting, env, owner, packageFrom, cwd, unsafe } = options
  const path = owner ? `${owner.path} (${env.PATH ?? 'not set'})` : 'PATH'
  const help = owner ? `${owner.fix} ${install}` : install
  const named = [
    ['flag', '--codex-bin', flag],
    ['settings', 'the settings file', setting],
    ['environment', 'CODEX_SHARE_CODEX_BIN', env.CODEX_SHARE_CODEX_BIN],
  ] as const
  for (const [source, where, given] of named) {
    if (!given) continue
    const file = given.includes('/') ? resolve(cwd, given) : await searchPath(given, env)
    if (file === undefined) throw notUsable(given, where, `it is not on ${path}`, help)
    const trouble = await troubleWith(file)
    if (trouble !== undefined) throw notUsable(file, where, trouble)
    const command = await commandFor(file)
    if (source === 'settings') {
      const files = [file, command.path, ...command.args]
      const reason = files.map((one) => unsafe?.(one)).find((found) => found !== undefined)
      if (reason !== undefined) throw notUsable(file, where, reason)
    }
    return { ...command, source }
  }
  const onPath = await searchPath('codex', env)
  if (onPath !== undefined) return { ...(await commandFor(onPath)), source: 'path' }
  const own = packageFrom === undefined ? undefined : ownLauncher(packageFrom)
  if (own !== undefined) return { ...(await commandFor(own)), source: 'package' }
  throw new UnusableCodex(`There is no \`codex\` on ${path}.`, { hint: help })
}

function notUsable(path: string, where: string, trouble: string, help = install): ShareError {
  return new UnusableCodex(`The Codex binary ${path}, named by ${where}, cannot be run: ${trouble}.`, {
    hint: `Correct ${where}. ${help}`,
  })
}

/** Why a file cannot be run as a program, or undefined when it can. */
async function troubleWith(path: string): Promise<string | undefined> {
  try {
    if (!(await stat(path)).isFile()) return 'it is not a file'
  } catch {
    return 'there is no such file' // Or a folder on the way that may not be entered, which to us is the same.
  }
  try {
    await access(path, constants.X_OK)
    return undefined
  } catch {
    return `it is not executable (chmod +x ${shellWord(path)})`
  }
}

/** Relative entries of PATH are passed over: which Codex runs must not depend on the folder one happens to be in. */
async function searchPath(name: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    if (!isAbsolute(folder)) continue
    const path = join(folder, name)
    if ((await troubleWith(path)) === undefined) return path
  }
  return undefined
}

function ownLauncher(packageFrom: string): string | undefined {
  try {
    return join(createRequire(packageFrom).resolve('@openai/codex/package.json'), '..', 'bin', 'codex.js')
  } catch {
    return undefined // Not installed: it is a development dependency, and users bring their own.
  }
}
