/** The launchd agents, rendered. Pure but for reading the templates. */
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { readTemplate, renderTemplate } from '../render-template.ts'
import type { ServiceFacts } from '../service-facts.ts'
import type { ServiceFile } from '../service-file.ts'
import { launchdLabels } from '../service-units.ts'

/** One file each for the daemon and the app-server, to be put into `folder`. */
export function launchdFiles(folder: string, facts: ServiceFacts): ServiceFile[] {
  const { node, program, codex, places, variables, path } = facts
  const file = (label: string, values: Readonly<Record<string, string>>): ServiceFile => ({
    path: join(folder, `${label}.plist`),
    text: renderTemplate(readTemplate(`launchd/${label}.plist`), values),
  })
  const { CODEX_HOME } = variables
  return [
    file(launchdLabels.daemon, {
      arguments: strings([node, program, 'daemon', 'run']),
      // Always with the runtime folder: by it a client tells whether this agent is its own daemon's.
      environment: pairs({
        CODEX_SHARE_SERVICE: 'launchd',
        CODEX_SHARE_CODEX_BIN: codex.path,
        PATH: path,
        ...variables,
        CODEX_SHARE_RUNTIME_DIR: places.runtimeDir,
      }),
      // Only what Node itself says before it dies: the log proper is the daemon's own file.
      errorLog: escapeXml(join(dirname(places.daemonLog), 'daemon.stderr.log')),
    }),
    file(launchdLabels.appServer, {
      arguments: strings([codex.path, ...codex.args, 'app-server', '--listen', `unix://${places.appServerSocket}`]),
      environment: pairs({ PATH: path, ...(CODEX_HOME ? { CODEX_HOME } : {}), ...codex.env }),
      home: escapeXml(homedir()),
      log: escapeXml(places.appServerLog),
    }),
  ]
}

function strings(values: readonly string[]): string {
  return values.map((value) => `<string>${escapeXml(value)}</string>`).join('\n')
}

/** launchd agents inherit next to nothing, so a variable that is to be absent only has to be left out. */
function pairs(variables: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(variables)
    .flatMap(([name, value]) =>
      value === undefined ? [] : [`<key>${escapeXml(name)}</key>\n<string>${escapeXml(value)}</string>`],
    )
    .join('\n')
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
