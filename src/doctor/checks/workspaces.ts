/** Looks for files of ours where the agent of a shared thread may write. */
import type { System } from '../../platform/system/system.ts'
import type { DaemonStatus, Exposed } from '../../protocol/status.ts'
import type { Check } from '../check.ts'
import { type Finding, ok } from '../finding.ts'

export const workspaces: Check = {
  name: 'Workspaces',
  run: ({ daemon, system }) =>
    daemon.state === 'running' ? judgeWorkspaces(daemon.status, system) : [ok('not asked: the daemon is not running')],
}

const names: Readonly<Record<string, string>> = {
  settings: 'the settings',
  sockets: 'the sockets',
  ledger: 'the ledger',
  logs: 'the logs',
  units: 'the service’s units',
  variables: 'the app-server’s variables',
  codex: 'the Codex that runs',
  program: 'codex-share itself',
}

/** What is worse than being lost. */
const dangers: Readonly<Record<string, string>> = {
  settings: 'settings that act are not used from there',
  sockets: 'commands could be led to a daemon of its own',
  units: 'what stands in a unit is run outside the sandbox',
  variables: 'commands among the app-server’s variables are run outside the sandbox',
  codex: 'it is run outside the sandbox at the next start',
  program: 'it is run outside the sandbox at the next start',
}

const variables: Readonly<Record<string, string>> = {
  settings: 'XDG_CONFIG_HOME',
  units: 'XDG_CONFIG_HOME',
  sockets: 'CODEX_SHARE_RUNTIME_DIR',
  ledger: 'XDG_DATA_HOME',
  logs: 'XDG_STATE_HOME',
}

export function judgeWorkspaces(
  { settings, exposed = [] }: Pick<DaemonStatus, 'settings' | 'exposed'>,
  system: Pick<System, 'hasXdgFolders'>,
): Finding[] {
  const refused = settings?.problem ?? null
  const findings: Finding[] =
    refused === null
      ? []
      : [{ level: 'warning', what: refused, why: 'The defaults hold: what acts is for a person to choose.' }]
  for (const [, things] of Map.groupBy(exposed, ({ folder }) => folder)) findings.push(judgeFolder(things, system))
  return findings.length > 0 ? findings : [ok('nothing of ours is where a shared thread works')]
}

function judgeFolder(things: readonly Exposed[], { hasXdgFolders }: Pick<System, 'hasXdgFolders'>): Finding {
  const kinds = things.map(({ what }) => what)
  const [thing] = things
  const dangersHere = [...new Set(kinds.flatMap((kind) => dangers[kind] ?? []))]
  const usable = kinds
    .flatMap((kind) => variables[kind] ?? [])
    .filter((name) => hasXdgFolders || name === 'CODEX_SHARE_RUNTIME_DIR')
  const move = [...new Set(usable)]
  return {
    level: 'warning',
    what: `the shared thread ${thing?.threadId} works in ${thing?.folder}, and its agent may replace what lies there: ${listInWords(kinds.map((kind) => names[kind] ?? kind))}`,
    why: `Deleting is enough to do harm${dangersHere.map((danger) => `; ${danger}`).join('')}.`,
    fix: `Let the thread work in a folder below${move.length > 0 ? `, or move them with ${listInWords(move)}` : ''}, then \`codex-share daemon restart\`.`,
  }
}

function listInWords(words: readonly string[]): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`
}
