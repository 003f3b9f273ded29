/** Finds the Codex that the daemon runs, and says in its errors whose PATH was searched: the person who reads them may have another. */
import { statSync } from 'node:fs'
import { homedir } from 'node:os'
import { type CodexBinary, findCodex } from '../../codex/binary/find-codex.ts'
import type { Environment } from '../../platform/places/resolve-places.ts'
import type { Settings } from '../../platform/settings/settings.ts'
import type { Exposure } from '../upkeep/exposure.ts'

export interface DaemonCodexOptions {
  readonly env: Environment
  /** From `--codex-bin`. */
  readonly codexBin: string | undefined
  readonly settings: Settings
  /** The script that was started. */
  readonly programFile: string
  readonly exposure: Exposure
}

/** A client's PATH is never taken: the `node_modules/.bin/codex` of one repository would become everybody's. */
export function findDaemonCodex(options: DaemonCodexOptions): Promise<CodexBinary> {
  const { env, codexBin, settings, programFile, exposure } = options
  const startedAt = new Date(performance.timeOrigin).toISOString().replace(/\.\d+Z$/, 'Z')
  return findCodex({
    flag: codexBin,
    setting: settings.codexBin ?? undefined,
    env: { ...env },
    owner: {
      path: `the PATH of the daemon, which was started at ${startedAt}`,
      fix: 'Where it is on your own PATH, `codex-share daemon restart` gives the daemon that one.',
    },
    packageFrom: programFile,
    cwd: homeFolder(),
    unsafe: (path) => exposure.reasonAgainst(path),
  })
}

/** Where threads that name no folder work: the user's home, as under a service manager, and never a folder of ours. */
export function homeFolder(): string {
  return statSync(homedir(), { throwIfNoEntry: false })?.isDirectory() ? homedir() : '/'
}
