/** The user's own Codex server: the one in the background that a plain `codex` uses, reached over its control socket. */
import { controlSocketPath } from '../../platform/places/codex-home.ts'
import { type AppServerLink, type LinkOptions, openAppServerLink } from '../link/app-server-link.ts'
import { DaemonThereError } from '../link/app-server-socket.ts'
import { isNobodyThere } from '../process/wait-until-listening.ts'

/** Opens a link to it; undefined when none runs, as where a plain `codex` comes through the daemon. Nothing is ever started or stopped there. */
export async function openUserCodexServer(
  codexHome: string,
  options: Omit<LinkOptions, 'socketPath'>,
): Promise<AppServerLink | undefined> {
  try {
    return await openAppServerLink({ ...options, socketPath: controlSocketPath(codexHome) })
  } catch (error) {
    if (isNobodyThere(error) || error instanceof DaemonThereError) return undefined
    throw error
  }
}
