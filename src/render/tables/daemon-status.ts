/** The readable form of `daemon status`. */
import type { DaemonStatus } from '../../protocol/status.ts'
import { visibleLine, visibleLines } from '../../protocol/text/visible-text.ts'
import { age } from '../terminal/clock.ts'
import type { Paint } from '../terminal/theme.ts'
import { adoptionLines } from './adoption.ts'
import { facts } from './table.ts'
import type { ListOptions } from './thread-list.ts'
import { updatedCodex } from './updated-codex.ts'

/** `rotated`: API keys of this shell are others than the app-server's, and what helps. */
export function daemonStatus(
  status: DaemonStatus,
  { rotated = null, ...options }: ListOptions & { readonly rotated?: string | null },
): string {
  const { daemon, appServer, ledger } = status
  const { paint, now } = options
  const ready = appServer.state === 'ready'
  const problem = (text: string | null): readonly (readonly [string, string])[] =>
    text === null ? [] : visibleLines(text).map((line) => ['', paint('bad', line)] as const)
  return facts(
    [
      [
        'Daemon',
        `${paint('good', 'running')}, version ${daemon.version}, pid ${daemon.pid}, started ${age(daemon.startedAt, now)}`,
      ],
      ...problem(daemon.programChanged ? 'the program on disk has changed: run `codex-share daemon restart`' : null),
      ['Endpoint', visibleLine(daemon.endpoint)],
      [
        'App-server',
        `${paint(ready ? 'good' : 'caution', appServer.state)}${appServer.version === null ? '' : `, Codex ${appServer.version}`}${appServer.pid === null ? '' : `, pid ${appServer.pid}`}${appServer.startedAt ? `, started ${age(appServer.startedAt, now)}` : ''}`,
      ],
      ...problem(appServer.problem),
      ...codex(appServer),
      ...problem(updatedCodex(appServer)),
      ...problem(replaceableCodex(status)),
      ...usageRows(appServer),
      ...keyRows(appServer),
      ...problem(rotated),
      ['Account', visibleLine(appServer.account ?? 'none')],
      [
        'Ledger',
        `${countText(ledger.events, 'event')} in ${countText(ledger.threads, 'thread')}, ${sizeText(ledger.bytes)}, ${visibleLine(ledger.file)}`,
      ],
      ...problem(ledger.problem),
      ...pagesToRead(ledger),
      ['Peers', `${status.peers} connected, ${countText(status.activeTurns, 'turn')} running`],
      ...problem(refusedLately(status)),
      ...plainCodexRows(status, paint),
      ['Log', visibleLine(status.logFile ?? 'in the journal: `codex-share daemon logs` shows it')],
      ['Node', daemon.node],
      ...settingsRows(status, problem),
    ],
    options,
  )
}

function refusedLately({ connectionProblem }: DaemonStatus): string | null {
  return connectionProblem ? `connections were refused in the last minute: ${connectionProblem}` : null
}

/** That there is none is shown as the app-server's problem. */
function codex({ binary, codexHome }: DaemonStatus['appServer']): readonly (readonly [string, string])[] {
  const known = [binary, codexHome && `home ${codexHome}`].filter((part) => part !== null)
  return known.length === 0 ? [] : [['Codex', visibleLine(known.join(', '))]]
}

/** After a crash of the machine. */
function pagesToRead({ checked }: DaemonStatus['ledger']): readonly (readonly [string, string])[] {
  if (checked?.state === 'running') return [['', 'every page of it is being read, after a crash of the machine']]
  if (checked?.state !== 'due') return []
  const why = checked.why === null ? 'once no turn runs' : `put off: ${visibleLine(checked.why)}`
  return [['', `every page of it is still to be read, after a crash of the machine (${why})`]]
}

/** It carries every session of a plain `codex`, too. */
function usageRows({ residentBytes, descriptors }: DaemonStatus['appServer']): readonly (readonly [string, string])[] {
  if (residentBytes == null || !descriptors) return []
  const most = descriptors.most === null ? '' : ` of ${descriptors.most}`
  return [['', `${sizeText(residentBytes)} of memory, ${descriptors.open}${most} open files`]]
}

function plainCodexRows({ adoption }: DaemonStatus, paint: Paint): readonly (readonly [string, string])[] {
  if (!adoption || adoption.state === 'off') return []
  const [first = ''] = adoptionLines(adoption, paint)
  return [['Plain codex', `${first} (${visibleLine(adoption.path)})`]]
}

/** Those that are set; of an app-server that a service manager started, nobody knows. */
function keyRows({ keys }: DaemonStatus['appServer']): readonly (readonly [string, string])[] {
  const names = (keys?.keys ?? []).filter(({ digest }) => digest !== null).map(({ name }) => name)
  return names.length === 0 ? [] : [['API keys', visibleLine(names.join(', '))]]
}

/** Only when something is wrong with them. */
function settingsRows(
  { settings }: DaemonStatus,
  problem: (text: string) => readonly (readonly [string, string])[],
): readonly (readonly [string, string])[] {
  if (!settings || settings.problem === null) return []
  return [['Settings', visibleLine(settings.file)], ...problem(settings.problem)]
}

function replaceableCodex({ exposed = [] }: DaemonStatus): string | null {
  const found = exposed.find(({ what }) => what === 'codex')
  return found ? `the agent of the thread ${found.threadId} may replace this Codex: it works in ${found.folder}` : null
}

function countText(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

function sizeText(bytes: number): string {
  if (bytes < 1024 * 1024) return `${Math.ceil(bytes / 1024)} KiB`
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`
}
