/** A machine that boots a real systemd with logind, where the user has the real Codex and the scripted model; it can be switched off. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ScriptedModel } from '../../../src/demo/scripted-model.ts'
import { eventually } from '../waiting/eventually.ts'
import { type Login, logIn } from './login.ts'
import { openNamespaces } from './systemd-namespaces.ts'
import { makeUserHome } from './user-home.ts'
import { pathInside, runInside, type UserInside, userInside } from './user-inside.ts'

export interface BootedSystem {
  readonly model: ScriptedModel
  /** Where the user's files are, seen from here; also while the machine is down. */
  readonly home: string
  /** The user without a session: what is done here is not seen by logind. */
  readonly user: UserInside
  logIn(): Promise<Login>
  /** Runs a command as root; fails unless it ends with 0. */
  asRoot(command: string, ...args: string[]): Promise<string>
  /** Shuts down in order. */
  powerOff(): Promise<void>
  /** As when the plug is pulled: every process ends at this moment. */
  cutPower(): Promise<void>
  boot(): Promise<void>
  close(): Promise<void>
}

/** @throws NoSystemd */
export async function bootSystem(): Promise<BootedSystem> {
  const { model, home, beside, remove } = await makeUserHome()
  writeFileSync(join(home, '.profile'), `PATH=${pathInside}\n`)
  const namespaces = await openNamespaces('booted-systemd.sh', home, beside).catch(async (error: unknown) => {
    await remove()
    throw error
  })
  const user = userInside(namespaces)
  const end = async (signal: number | 'SIGKILL') => {
    process.kill(Number(namespaces.pid), signal)
    await eventually('the machine is down', () => !existsSync(`/proc/${namespaces.pid}`), 60_000)
    user.disconnect()
  }
  return {
    model,
    home,
    user,
    logIn: () => logIn(namespaces, user),
    async asRoot(...command) {
      const { status, stdout, stderr } = await runInside(namespaces, command)
      if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}: ${stdout}${stderr}`)
      return stdout
    },
    // SIGRTMIN+4, see systemd(1); Node has no name for it.
    powerOff: () => end(34 + 4),
    cutPower: () => end('SIGKILL'),
    boot: () => namespaces.again(),
    async close() {
      user.disconnect()
      await namespaces.close()
      await remove()
    },
  }
}
