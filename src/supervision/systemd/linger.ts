/** Reads and sets whether the user's systemd stays after the last logout, which logind calls lingering. */
import { existsSync } from 'node:fs'
import type { Environment } from '../../platform/places/resolve-places.ts'
import { userNameOrId } from '../../platform/places/user-name.ts'
import { runTool } from '../../platform/system/run-tool.ts'
import { ShareError } from '../../protocol/errors.ts'
import { shellWord } from '../../protocol/text/shell-word.ts'

/** logind's own note, which can be read without asking logind. */
export function isLingering(name: string = userNameOrId()): boolean {
  return existsSync(`/var/lib/systemd/linger/${name}`)
}

export function enableLingerCommand(name: string = userNameOrId()): string {
  // As the user, too, it wants the name.
  return `loginctl enable-linger ${shellWord(name)}`
}

/** @throws ShareError `unavailable` with loginctl's complaint */
export async function enableLinger(env: Environment): Promise<void> {
  const username = userNameOrId()
  const { code, complaint } = await runTool('loginctl', ['enable-linger', username], { env: { ...env } })
  if (code === 0) return
  throw new ShareError('unavailable', `lingering could not be switched on: ${complaint || `exit code ${code}`}`, {
    hint: `An administrator can: \`sudo ${enableLingerCommand(username)}\`.`,
  })
}
