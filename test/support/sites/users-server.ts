/** The user's own Codex server, on the control socket of the site's Codex home or elsewhere. */
import { type ChildProcess, spawn } from 'node:child_process'
import { findCodex } from '../../../src/codex/binary/find-codex.ts'
import { isListening } from '../../../src/codex/process/wait-until-listening.ts'
import { controlSocketPath } from '../../../src/platform/places/codex-home.ts'
import { eventually } from '../waiting/eventually.ts'
import type { TestSite } from './daemon-process.ts'

/** As `codex app-server daemon start` does, without its own copy of Codex; on this socket, when one is given. To be ended by the caller. */
export async function startUsersServer(site: TestSite, elsewhere?: string): Promise<ChildProcess> {
  const codex = await findCodex({ env: {}, packageFrom: import.meta.url, cwd: site.dir })
  const args = [...codex.args, 'app-server', '--listen', `unix://${elsewhere ?? ''}`]
  const child = spawn(codex.path, args, { env: { ...site.env, ...codex.env }, stdio: 'ignore' })
  const socket = elsewhere ?? controlSocketPath(site.codexHome)
  await eventually('the server listens', () => isListening(socket, AbortSignal.timeout(1000)))
  return child
}
