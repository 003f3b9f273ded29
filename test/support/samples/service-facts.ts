/** Facts for rendering units and agents, with every character in them that could break one. */
import { oldestCodex } from '../../../src/codex/binary/codex-version.ts'
import type { Places } from '../../../src/platform/places/resolve-places.ts'
import type { ServiceFacts } from '../../../src/supervision/service-facts.ts'

const home = '/home/o\'neil "50%" & $x'

export const nastyFacts: ServiceFacts = {
  node: `${home}/node`,
  program: `${home}/run.js`,
  codex: { path: `${home}/codex`, args: [], env: { KEEP: 'a b', GONE: undefined }, source: 'path' },
  codexVersion: oldestCodex,
  places: {
    configDir: `${home}/config`,
    environmentFile: `${home}/data/environment`,
    runtimeDir: `${home}/run`,
    daemonSocket: `${home}/run/daemon.sock`,
    codexSocket: `${home}/run/codex.sock`,
    appServerSocket: `${home}/run/app-server.sock`,
    daemonLog: `${home}/log/daemon.log`,
    appServerLog: `${home}/log/app-server.log`,
  } as Places,
  variables: { CODEX_HOME: `${home}/.codex` },
  path: `${home}/bin:/usr/bin`,
  locale: { LANG: 'de_DE.UTF-8' },
}

export { home as nastyHome }
