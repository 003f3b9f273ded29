/** The base of the commands that talk to a daemon: where it is, who we are, and the connection. */
import { Flags } from '@oclif/core'
import { parseEndpoint, serverFlag } from '../../client/connection/endpoint.ts'
import { DaemonLink, type DaemonLinkOptions } from '../../client/daemon-link.ts'
import { type ResolveThreadOptions, resolveThread } from '../../client/resolve-thread.ts'
import { resolvePlaces } from '../../platform/places/resolve-places.ts'
import { userName } from '../../platform/places/user-name.ts'
import { ShareError } from '../../protocol/errors.ts'
import type { SharedThread } from '../../protocol/methods.ts'
import {
  faultOfName,
  longestLabel,
  nearestName,
  ruleOfName,
  withoutSpacesAround,
} from '../../protocol/text/printable-name.ts'
import { BaseCommand, jsonFlag } from './base-command.ts'

export interface ConnectionFlags {
  readonly server?: string | undefined
  readonly as?: string | undefined
}

export const threadFlag = Flags.string({
  char: 't',
  required: true,
  helpValue: 'THREAD',
  description: 'The thread: its id, the beginning of its id when that is unique, its name, or `last`.',
})

/** One that needs a daemon, and has no result of its own. */
export abstract class LinkedCommand extends BaseCommand {
  static override baseFlags = {
    server: Flags.string({
      helpGroup: 'GLOBAL',
      helpValue: 'URL',
      description:
        'The daemon: unix:///PATH for its socket, ssh://[user@]host[:port] for one on another machine. Without it your own daemon, which is started if it is not running.',
    }),
    as: Flags.string({
      helpGroup: 'GLOBAL',
      helpValue: 'NAME',
      description: 'The name that others see for you. Without it your login name.',
    }),
  }

  /** Undefined until `connect`. */
  protected link: DaemonLink | undefined
  private serverFlag = ''

  /** The connection, opened when it is first used and closed with the command. */
  protected connect({ server, as }: ConnectionFlags, more: Partial<DaemonLinkOptions> = {}): DaemonLink {
    const endpoint = parseEndpoint(server, resolvePlaces(process.env))
    this.serverFlag = serverFlag(endpoint)
    this.link = new DaemonLink({
      endpoint,
      identity: { kind: 'script', label: labelOf(as) },
      notice: this.notice,
      ...more,
    })
    return this.link
  }

  /** A command of `share` with the daemon of this one, as it is called in this program: for lines that people copy. */
  protected readonly commandToCopy = (words: string): string =>
    `${this.config.bin === 'codex-share' ? 'codex-share' : `${this.config.bin} share`} ${words}${this.serverFlag}`

  /** The thread to act in, which is shared by that. */
  protected resolve(link: DaemonLink, reference: string, signal?: AbortSignal): Promise<SharedThread> {
    return this.find(link, reference, { ...(signal ? { signal } : {}) })
  }

  /** The thread to read, or to look at what waits in it. */
  protected resolveToRead(link: DaemonLink, reference: string, signal?: AbortSignal): Promise<SharedThread> {
    return this.find(link, reference, { ...(signal ? { signal } : {}), toRead: true })
  }

  private find(link: DaemonLink, reference: string, options: Omit<ResolveThreadOptions, 'notice'>) {
    return link.read((client) => resolveThread(client, reference, { notice: this.notice, ...options }))
  }

  protected override async finally(error: Error | undefined): Promise<void> {
    this.link?.close()
    await super.finally(error)
  }
}

/** One that asks a daemon for something, and can print it as JSON. */
export abstract class ConnectedCommand extends LinkedCommand {
  static override baseFlags = { json: jsonFlag, ...LinkedCommand.baseFlags }
}

/** @throws ShareError `usage` */
export function labelOf(as: string | undefined): string {
  if (as === undefined) return loginName()
  const label = withoutSpacesAround(as)
  const fault = faultOfName(label, longestLabel)
  if (fault === undefined) return label
  throw new ShareError('usage', `--as takes ${ruleOfName(longestLabel)}: ${fault}`)
}

/** From the environment where it is, since asking the system takes several milliseconds. It is a name to show and proves nothing. */
function loginName(): string {
  const { USER, LOGNAME } = process.env
  return nearestName(USER || LOGNAME || userName() || '', longestLabel) || 'someone'
}
