/** Asks a Codex binary for its version, and says which versions this program works with. */
import manifest from '../../../package.json' with { type: 'json' }
import { runTool } from '../../platform/system/run-tool.ts'
import { ShareError } from '../../protocol/errors.ts'
import { shellWord } from '../../protocol/text/shell-word.ts'
import type { CodexCommand } from './npm-launcher.ts'

/**
 * The oldest Codex that is accepted, from package.json: the oldest that everything was tested on (docs/compatibility.md). What the daemon
 * leans on (paged turns, `clientUserMessageId`, `emittedAtMs`, names that materialize a thread) is experimental upstream.
 */
export const oldestCodex = manifest.engines.codex.replace('>=', '')

/** There is no Codex that this program can run, and trying again helps nobody before that has changed. */
export class UnusableCodex extends ShareError {
  constructor(message: string, more: ConstructorParameters<typeof ShareError>[2]) {
    super('unavailable', message, more)
  }
}

const update = 'Update Codex (`npm install -g @openai/codex@latest`), or name a newer binary with --codex-bin.'

export interface CodexVersionOptions {
  readonly env: NodeJS.ProcessEnv
  /** Milliseconds until the binary is taken for hung; 10 s by default. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Runs `codex --version` and returns the version: three numbers, and what follows them in a pre-release.
 *
 * @throws ShareError `unavailable` when it does not run, does not answer in time, is no Codex, or is too old
 */
export async function codexVersion(codex: CodexCommand, options: CodexVersionOptions): Promise<string> {
  const { env, timeoutMs = 10_000, signal } = options
  const command = [codex.path, ...codex.args, '--version'].map(shellWord).join(' ')
  const told = (what: string) => `\`${command}\` ${what}.`
  const { code, stdout, complaint, late } = await runTool(codex.path, [...codex.args, '--version'], {
    env: { ...env, ...codex.env },
    timeoutMs,
    signal,
  })
  // On a machine that has much to do: it may answer the next time.
  if (late) throw new ShareError('unavailable', told(`did not answer within ${timeoutMs / 1000} s`), { hint: update })
  if (code !== 0) {
    const why = complaint.split('\n').slice(0, 3).join(' ') || `exit code ${code}`
    throw new UnusableCodex(told(`failed: ${why}`), { hint: update })
  }
  const version = /^codex\S*\s+(\d+\.\d+\.\d+\S*)/m.exec(stdout)?.[1]
  if (version === undefined)
    throw new UnusableCodex(told(`is not Codex: it printed ${JSON.stringify(stdout.slice(0, 80))}`), { hint: update })
  assertSupported(version)
  return version
}

/** @throws ShareError `unavailable` naming both versions when this Codex is too old */
export function assertSupported(version: string): void {
  // What Codex's developers build from source calls itself 0.0.0, whatever its age: theirs to know.
  if (version === '0.0.0' || compareVersions(version, oldestCodex) >= 0) return
  throw new UnusableCodex(`Codex ${version} is too old: codex-share needs ${oldestCodex} or newer.`, {
    hint: update,
    facts: { version, oldest: oldestCodex },
  })
}

/** By the three numbers alone: a pre-release counts as its release, as it has what that will have. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)]
  const index = left.findIndex((number, at) => number !== right[at])
  return index === -1 ? 0 : (left[index] ?? 0) - (right[index] ?? 0)
}

function numbersOf(version: string): number[] {
  return (version.match(/\d+/g) ?? []).slice(0, 3).map(Number)
}
