/** The base of the commands about the daemon itself: they mean the user's own, and never another. */
import { Flags } from '@oclif/core'
import type { DaemonClient } from '../../client/connection/daemon-client.ts'
import { ownEndpoint } from '../../client/connection/endpoint.ts'
import { findPlaces } from '../../client/connection/find-daemon.ts'
import type { Identity } from '../../client/connection/handshake.ts'
import { DaemonLink } from '../../client/daemon-link.ts'
import { openClient } from '../../client/open-client.ts'
import { findCodex } from '../../codex/binary/find-codex.ts'
import { type Places, resolvePlaces } from '../../platform/places/resolve-places.ts'
import { currentFolder, fromHere } from '../../platform/places/work-folder.ts'
import type { DaemonStatus } from '../../protocol/status.ts'
import { visibleLine } from '../../protocol/text/visible-text.ts'
import { BaseCommand, jsonFlag } from './base-command.ts'
import { labelOf } from './connected-command.ts'

export const codexBinFlag = Flags.string({
  helpValue: 'PATH',
  description: 'The Codex binary that the daemon is to use.',
  // The daemon works in another folder than the one this was typed in.
  parse: async (given) => {
    try {
      return given.includes('/') ? fromHere(given) : given
    } catch {
      return given // Said later by those who look for it, and not in oclif's words.
    }
  },
})

const statusMs = 5000
const slowMs = 2000

export abstract class DaemonCommand extends BaseCommand {
  static override baseFlags = { json: jsonFlag }

  private opened: DaemonClient | undefined

  /** Those that this environment means. */
  protected get places(): Places {
    return resolvePlaces(process.env)
  }

  /** Those of the daemon that runs, also where it was started in another environment. */
  protected findPlaces(): Promise<Places> {
    return findPlaces(this.places)
  }

  protected get identity(): Identity {
    return { kind: 'script', label: labelOf(undefined) }
  }

  /** Connects; the connection is closed with the command. With `start` a missing daemon is started. */
  protected async open({ start }: { readonly start: boolean }): Promise<DaemonClient> {
    const { places, identity, notice } = this
    const endpoint = ownEndpoint(places)
    const options = start ? { deadlineMs: 10_000 } : { deadlineMs: 5000, start: 'never' as const }
    return this.closeAtEnd(await openClient({ endpoint, identity, notice, ...options }))
  }

  /**
   * Of the daemon that runs now, started with `start` when it is missing: one that is replaced while it is asked has its successor answer.
   */
  protected async status({ start }: { readonly start: boolean }): Promise<DaemonStatus> {
    const { places, identity, notice } = this
    const endpoint = ownEndpoint(places)
    const link = new DaemonLink({ endpoint, identity, notice, start: start ? 'missing' : 'never' })
    try {
      return await link.read((client) => client.call('share/status', {}, { timeoutMs: statusMs }))
    } finally {
      link.close()
    }
  }

  /** Reports a mistake now, in the words of the flag, and not later by the daemon. */
  protected async checkCodexBin(flag: string | undefined): Promise<void> {
    if (flag !== undefined) await findCodex({ flag, env: process.env, cwd: currentFolder() })
  }

  /** Says what is waited for, where that takes more than a moment. */
  protected async noticeWhenSlow<T>(text: string, work: Promise<T>): Promise<T> {
    const slow = setTimeout(() => this.notice(text), slowMs)
    return await work.finally(() => clearTimeout(slow))
  }

  protected closeAtEnd(client: DaemonClient): DaemonClient {
    this.opened = client
    return client
  }

  /** One line on the daemon that runs, or its whole status as JSON. */
  protected async writeRunning({ daemon, ...more }: DaemonStatus, words: string, json: boolean): Promise<void> {
    if (json) await this.writeJson({ daemon, ...more })
    else
      await this.write(
        `${words}: pid ${daemon.pid}, version ${visibleLine(daemon.version)}, ${visibleLine(daemon.endpoint)}\n`,
      )
  }

  protected override async finally(error: Error | undefined): Promise<void> {
    this.opened?.close()
    await super.finally(error)
  }
}
