/** A command that an agent runs must not become everybody's daemon: Codex could not run in there, and the ledger would be taken. */
import { thisSystem } from '../../platform/system/this-system.ts'
import { ShareError } from '../../protocol/errors.ts'

/**
 * Codex names the thread to the commands it runs; without that, the restraints may be a container's.
 *
 * @throws ShareError `denied`
 */
export function refuseInsideSandbox({ CODEX_THREAD_ID: threadId }: NodeJS.ProcessEnv, system = thisSystem): void {
  if (threadId === undefined || !system.isConfinedHere()) return
  throw new ShareError('denied', 'the daemon does not run inside Codex’s sandbox', {
    hint: 'Start it outside, with `codex-share daemon start` in a terminal.',
  })
}
