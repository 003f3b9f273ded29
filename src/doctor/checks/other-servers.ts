/** Looks for the user's own Codex server, or a socket that one has left in the way. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Check } from '../check.ts'
import { type Finding, ok } from '../finding.ts'
import { isSocketAlive } from '../is-socket-alive.ts'

export const otherServers: Check = {
  name: 'Other Codex',
  async run({ codexHome }) {
    const path = join(codexHome, 'app-server-control', 'app-server-control.sock')
    return [judgeOtherServer(path, existsSync(path), await isSocketAlive(path))]
  },
}

export function judgeOtherServer(path: string, there: boolean, alive: boolean): Finding {
  if (alive)
    return {
      level: 'note',
      what: `your own Codex runs a background server (${path})`,
      why: 'A thread that is open there can be shared as it is, and stays there. What is typed there goes past codex-share: while a turn runs it is merged into that turn.',
    }
  if (there)
    return {
      level: 'note',
      what: `a background server of Codex has left its socket: ${path}`,
      why: 'Nobody listens there. Codex itself was seen to stumble over what such a server leaves.',
      fix: 'codex app-server daemon stop',
    }
  return ok('no other server of Codex')
}
