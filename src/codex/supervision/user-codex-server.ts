/** The user's own Codex server: the one in the background that a plain `codex` uses, reached over its control socket. */
import { join } from 'node:path'
import { type AppServerLink, type LinkOptions, openAppServerLink } from '../link/app-server-link.ts'
import { isNobodyThere } from '../process/wait-until-listening.ts'

/** Where Codex puts its control socket. */
export function controlSocketPath(codexHome: string): string {
  return join(codexHome, 'app-server-control', 'app-server-control.sock')
}

/** Opens a link to it; undefined when none runs. Nothing is ever started or stopped there. */
export async function openUserCodexServer(
  codexHome: string,
  options: Omit<LinkOptions, 'socketPath'>,
): Promise<AppServerLink | undefined> {
  try {
    return await openAppServerLink({ ...options, socketPath: controlSocketPath(codexHome) })
  } catch (error) {
    if (isNobodyThere(error)) return undefined
    throw error
  }
}
