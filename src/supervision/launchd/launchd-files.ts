/** The launchd agents, rendered. Pure but for reading the templates. */
import { createHash } from 'node:crypto'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { readTemplate, renderTemplate } from '../render-template.ts'
import { fileOf, type ServiceFacts } from '../service-facts.ts'
import type { ServiceFile } from '../service-file.ts'
import { launchdLabels } from '../service-units.ts'
import { daemonErrors } from './agent-logs.ts'
import { markVariable } from './launchctl.ts'
import { escapeXml } from './property-list.ts'

type Variables = Readonly<Record<string, string | undefined>>

/** One file each for the daemon and the app-server, to be put into `folder`. */
export function launchdFiles(folder: string, facts: ServiceFacts): ServiceFile[] {
  const { node, program, codex, places, variables, path, locale } = facts
  const file = (label: string, environment: Variables, values: Readonly<Record<string, string>>): ServiceFile => {
    const render = (mark: string) =>
      renderTemplate(readTemplate(`launchd/${label}.plist`), {
        ...values,
        environment: pairs({ ...environment, [markVariable]: mark }),
      })
    return { path: join(folder, `${label}.plist`), text: render(digest(render(''))) }
  }
  const { CODEX_HOME } = variables
  // Agents have no language of their own, and Codex's tools would write ASCII.
  const common = { PATH: path, LANG: 'en_US.UTF-8', ...locale }
  return [
    file(
      launchdLabels.daemon,
      {
        CODEX_SHARE_SERVICE: 'launchd',
        CODEX_SHARE_CODEX_BIN: fileOf(codex),
        ...common,
        ...variables,
        // Always: by it a client knows whether this agent is its own daemon's.
        CODEX_SHARE_RUNTIME_DIR: places.runtimeDir,
      },
      {
        arguments: strings([node, program, 'daemon', 'run']),
        home: escapeXml(homedir()),
        errorLog: escapeXml(daemonErrors(places)),
      },
    ),
    file(
      launchdLabels.appServer,
      { ...common, ...(CODEX_HOME ? { CODEX_HOME } : {}), ...codex.env },
      {
        arguments: strings([codex.path, ...codex.args, 'app-server', '--listen', `unix://${places.appServerSocket}`]),
        home: escapeXml(homedir()),
        log: escapeXml(places.appServerLog),
      },
    ),
  ]
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

function strings(values: readonly string[]): string {
  return values.map((value) => `<string>${escapeXml(value)}</string>`).join('\n')
}

/** launchd agents inherit next to nothing, so a variable that is to be absent only has to be left out. */
function pairs(variables: Variables): string {
  return Object.entries(variables)
    .flatMap(([name, value]) =>
      value === undefined ? [] : [`<key>${escapeXml(name)}</key>\n<string>${escapeXml(value)}</string>`],
    )
    .join('\n')
}
