/** The Codex that the settings name, for commands that run it themselves: they are as careful with it as the daemon. */

import type { Places } from '../platform/places/resolve-places.ts'
import { reasonAgainstCodex } from '../platform/settings/acting-settings.ts'
import { readSettings } from '../platform/settings/settings.ts'
import type { Exposed } from '../protocol/status.ts'
import { ownEndpoint } from './connection/endpoint.ts'
import type { Identity } from './connection/handshake.ts'
import { openClient } from './open-client.ts'

export interface CodexSettingOptions {
  readonly places: Places
  readonly identity: Identity
  /** Printed for the person when the setting is not used. */
  readonly notice: (text: string) => void
}

const answerMs = 3000

/**
 * Returns undefined when the settings name none, or none that may be run. Only the daemon knows the folders of the shared threads: it is
 * asked where there is something to ask, and never started for it.
 *
 * @throws ShareError `usage` when the settings cannot be read
 */
export async function codexSetting({ places, identity, notice }: CodexSettingOptions): Promise<string | undefined> {
  const settings = readSettings(places.settingsFile)
  if (settings.codexBin === null) return undefined
  const reason = reasonAgainstCodex(settings, places.settingsFile, await exposedNow(places, identity))
  if (reason === undefined) return settings.codexBin
  notice(`codexBin is not used: ${reason}`)
  return undefined
}

async function exposedNow(places: Places, identity: Identity): Promise<readonly Exposed[]> {
  const endpoint = ownEndpoint(places)
  try {
    const client = await openClient({ endpoint, identity, notice: () => {}, deadlineMs: answerMs, start: 'never' })
    try {
      return (await client.call('share/status', {}, { timeoutMs: answerMs })).exposed ?? []
    } finally {
      client.close()
    }
  } catch {
    return [] // No daemon, or one that does not answer: then nobody knows, and the setting is the person's own as far as can be seen.
  }
}
