/** A user with a real systemd of their own, the real Codex and the scripted model: what `service install` is for. */
import { join } from 'node:path'
import type { ScriptedModel } from '../../../src/demo/scripted-model.ts'
import { openNamespaces } from './systemd-namespaces.ts'
import { makeUserHome } from './user-home.ts'
import { type UserInside, userInside } from './user-inside.ts'

export interface SystemdUser extends UserInside {
  readonly model: ScriptedModel
  /** Where the user's files are, seen from here. */
  readonly home: string
  readonly units: string
  close(): Promise<void>
}

/** @throws NoSystemd */
export async function makeSystemdUser(): Promise<SystemdUser> {
  const { model, home, remove } = await makeUserHome()
  const namespaces = await openNamespaces('user-systemd.sh', home).catch(async (error: unknown) => {
    await remove()
    throw error
  })
  const user = userInside(namespaces)
  return {
    ...user,
    model,
    home,
    units: join(home, '.config/systemd/user'),
    async close() {
      user.disconnect()
      await namespaces.close()
      await remove()
    },
  }
}
