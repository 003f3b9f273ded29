/** The background server that a plain `codex` starts for itself, with the process that keeps it up to date. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findCodex } from '../../../src/codex/binary/find-codex.ts'
import { parseJsonObject } from '../../../src/protocol/json/read-json.ts'
import type { Scratch } from '../scratch.ts'
import { signalIfThere } from '../waiting/signal-if-there.ts'

/** Runs `codex app-server daemon VERB` to its end, and returns all that it said and its code. */
export async function controlPlainServer(site: Scratch, verb: string): Promise<{ code: number; said: string }> {
  const codex = await findCodex({ env: {}, packageFrom: import.meta.url, cwd: site.dir })
  const args = [...codex.args, 'app-server', 'daemon', verb]
  const run = promisify(execFile)(codex.path, args, { env: { ...site.env, ...codex.env }, cwd: site.dir })
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, said: stdout + stderr }),
    (error: { code?: number; stdout?: string; stderr?: string }) => ({
      code: error.code ?? 1,
      said: `${error.stdout ?? ''}${error.stderr ?? ''}`,
    }),
  )
}

/** Undefined where there is none. */
export function plainServerPid(site: Scratch): number | undefined {
  return pidIn(site, 'daemon.pid')
}

export function killPlainServer(site: Scratch): void {
  for (const file of ['daemon-updater.pid', 'daemon.pid']) {
    const pid = pidIn(site, file)
    if (pid !== undefined) signalIfThere(pid, 'SIGKILL')
  }
}

function pidIn(site: Scratch, file: string): number | undefined {
  try {
    const pid = parseJsonObject(readFileSync(join(site.codexHome, 'app-server-daemon', file), 'utf8'))?.pid
    return typeof pid === 'number' ? pid : undefined
  } catch {
    return undefined
  }
}
