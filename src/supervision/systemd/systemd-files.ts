/** The systemd units, rendered. Pure but for reading the templates. */
import { join } from 'node:path'
import { readTemplate, renderTemplate } from '../render-template.ts'
import { fileOf, type ServiceFacts } from '../service-facts.ts'
import type { ServiceFile } from '../service-file.ts'
import { systemdUnits } from '../service-units.ts'
import { environmentLines, execArgument, execProgram, unitPath } from './escape-systemd.ts'

/** One file each for the socket, the daemon and the app-server, to be put into `folder`. */
export function systemdFiles(folder: string, facts: ServiceFacts): ServiceFile[] {
  const { node, program, codex, places, variables, path } = facts
  const file = (unit: string, values: Readonly<Record<string, string>>): ServiceFile => ({
    path: join(folder, unit),
    text: renderTemplate(readTemplate(`systemd/${unit}`), values),
  })
  return [
    file(systemdUnits.socket, {
      daemonSocket: unitPath(places.daemonSocket),
      codexSocket: unitPath(places.codexSocket),
    }),
    file(systemdUnits.daemon, {
      node: execProgram(node),
      program: execArgument(program),
      environment: environmentLines({
        CODEX_SHARE_SERVICE: 'systemd',
        CODEX_SHARE_CODEX_BIN: fileOf(codex),
        PATH: path,
        ...variables,
      }),
    }),
    file(systemdUnits.appServer, {
      program: unitPath(program),
      codex: [execProgram(codex.path), ...codex.args.map(execArgument)].join(' '),
      appServerUrl: execArgument(`unix://${places.appServerSocket}`),
      environmentFile: unitPath(places.environmentFile),
      environment: environmentLines({ PATH: path, ...homeOf(variables), ...codex.env }),
    }),
  ]
}

/** The opt-in restrictions, as a drop-in for each of the two services. */
export function hardeningFiles(folder: string): ServiceFile[] {
  const text = readTemplate('systemd/hardening.conf')
  return [systemdUnits.daemon, systemdUnits.appServer].map((unit) => ({
    path: join(folder, `${unit}.d`, 'codex-share-hardening.conf'),
    text,
  }))
}

function homeOf({ CODEX_HOME }: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return CODEX_HOME === undefined ? {} : { CODEX_HOME }
}
