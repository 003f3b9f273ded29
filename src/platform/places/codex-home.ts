/** The folder that Codex keeps its threads, login and settings in, as one path however it is spelled. */
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from './resolve-places.ts'
import { realPlace } from './same-place.ts'
import { fromHere } from './work-folder.ts'

/** Where a plain `codex` looks for its background server, and where that listens. */
export function controlSocketPath(codexHome: string): string {
  return join(codexHome, 'app-server-control', 'app-server-control.sock')
}

/** $CODEX_HOME, or where Codex looks without it: an empty variable counts as none. */
export function codexHomeOf({ CODEX_HOME: home }: Environment): string {
  return realPlace(home ? fromHere(home) : join(homedir(), '.codex'))
}
