/** Checks which Codex is used, that it runs, and that it fits. */
import { configProblem } from '../../codex/binary/check-config.ts'
import { codexVersion, oldestCodex } from '../../codex/binary/codex-version.ts'
import { findCodex } from '../../codex/binary/find-codex.ts'
import { reasonAgainstCodex } from '../../platform/settings/acting-settings.ts'
import { asShareError, type ShareError } from '../../protocol/errors.ts'
import type { Check } from '../check.ts'
import { type Finding, ok } from '../finding.ts'

export const codex: Check = {
  name: 'Codex',
  async run({ env, settings, places, program, daemon }) {
    const exposed = daemon.state === 'running' ? (daemon.status.exposed ?? []) : []
    const reason = reasonAgainstCodex(settings, places.settingsFile, exposed)
    const unused = reason === undefined ? [] : [judgeUnused(reason)]
    const processEnv: NodeJS.ProcessEnv = { ...env }
    try {
      const found = await findCodex({
        setting: reason === undefined ? (settings.codexBin ?? undefined) : undefined,
        env: processEnv,
        packageFrom: program,
        cwd: '/',
      })
      const version = await codexVersion(found, { env: processEnv })
      const running = daemon.state === 'running' ? daemon.status.appServer.version : null
      const unreadable = await configProblem(found, processEnv)
      return [
        ...unused,
        ...judgeCodex({ version, path: found.path, running }),
        ...(unreadable ? [judgeConfig(unreadable)] : []),
      ]
    } catch (error) {
      const { message, hint } = asShareError(error)
      return [
        ...unused,
        { level: 'problem', what: message, why: 'Without Codex there is history, and no turns.', fix: hint },
      ]
    }
  },
}

function judgeConfig({ message, facts: { file } }: ShareError): Finding {
  return {
    level: 'problem',
    what: message,
    why: 'No thread can be opened until that is mended.',
    fix: `Correct ${typeof file === 'string' ? file : 'config.toml in the CODEX_HOME folder'}.`,
  }
}

/** Even to ask it for its version would be to run it. */
function judgeUnused(reason: string): Finding {
  return {
    level: 'warning',
    what: `codexBin is not used: ${reason}`,
    why: 'Codex runs outside the sandbox, and that program could be of an agent’s making.',
    fix: 'Move it elsewhere, or let the thread work in a folder below.',
  }
}

interface CodexFacts {
  /** Of the binary on disk. */
  readonly version: string
  readonly path: string
  /** Of the app-server that runs; null when none does. */
  readonly running: string | null
}

export function judgeCodex({ version, path, running }: CodexFacts): Finding[] {
  const findings: Finding[] = [ok(`Codex ${version} (${path})`)]
  if (running !== null && running !== version)
    findings.push({
      level: 'warning',
      what: `the app-server that runs is Codex ${running}, and ${version} is installed`,
      why: 'A running app-server keeps the program it was started with; its helpers on disk are the new ones.',
      fix: 'codex-share daemon restart --app-server',
    })
  if (lineOf(version) > lineOf(oldestCodex) + 10)
    findings.push({
      level: 'note',
      what: `Codex ${version} is much newer than ${oldestCodex}, which codex-share was made with`,
      why: 'What codex-share leans on is experimental in Codex, and may have changed.',
      fix: 'Look for a newer codex-share: `npm install -g codex-share@latest`.',
    })
  return findings
}

/** Codex counts its releases in the second number. */
function lineOf(version: string): number {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major * 1000 + minor
}
