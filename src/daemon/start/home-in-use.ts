/** Which CODEX_HOME the daemon works with: its app-server's, and before that is linked to, the one it would be started with. */
import type { Supervisor } from '../../codex/supervision/app-server-supervisor.ts'
import { codexHomeOf } from '../../platform/places/codex-home.ts'
import type { Environment } from '../../platform/places/resolve-places.ts'
import { realPlace } from '../../platform/places/same-place.ts'

/** Returns a function that gives the folder as a real path; it is looked up once for each that an app-server names. */
export function homeInUse(supervisor: Pick<Supervisor, 'info'>, env: Environment): () => string {
  const known = new Map<string | undefined, string>()
  return () => {
    const said = supervisor.info?.codexHome
    const home = known.get(said) ?? (said === undefined ? codexHomeOf(env) : realPlace(said))
    known.set(said, home)
    return home
  }
}
