/** Keeps the paths of sockets within the system's limit, and proposes a runtime folder that fits. */
import { lstatSync } from 'node:fs'
import { ShareError } from '../../protocol/errors.ts'
import { thisSystem } from '../system/this-system.ts'
import { faultOfRuntimeDir } from './runtime-dir-fault.ts'

/** Room for the temporary name under which a socket is bound first. */
const longestSocketName = '/daemon.sock.4194304.tmp'

/** @throws ShareError `unavailable` with a folder that fits and can be had */
export function refuseLongPath(runtimeDir: string, { socketPathLimit } = thisSystem): void {
  const most = socketPathLimit - longestSocketName.length
  if (Buffer.byteLength(runtimeDir) <= most) return
  throw new ShareError(
    'unavailable',
    `the runtime folder ${runtimeDir} has a path of ${Buffer.byteLength(runtimeDir)} bytes, and ${most} are the most: the system allows a socket ${socketPathLimit}`,
    {
      hint: `Set a shorter path where all your shells read it, for example:\n  export CODEX_SHARE_RUNTIME_DIR=${shortFolder()}`,
    },
  )
}

/** It is made, 0700, when it is first used; a name that somebody else has taken is passed over. */
function shortFolder(): string {
  const uid = process.getuid?.()
  const login = `/run/user/${uid}`
  const bases = lstatSync(login, { throwIfNoEntry: false })?.uid === uid ? [`${login}/codex-share`] : []
  const names = [...bases, ...['/var/tmp', '/tmp'].flatMap((dir) => [`${dir}/codex-share-${uid}`, `${dir}/cs-${uid}`])]
  const free = (dir: string) => !lstatSync(dir, { throwIfNoEntry: false }) || faultOfRuntimeDir(dir) === undefined
  return names.find(free) ?? '$(mktemp -d)'
}
