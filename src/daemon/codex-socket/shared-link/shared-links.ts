/** Keeps the shared links: one for all clients with the same `initialize`, which decides what Codex sends and asks. */

import { objectIn } from '../../../protocol/json/read-json.ts'
import type { DaemonCore } from '../../core.ts'
import type { ClientRequest } from '../frames/client-frames.ts'
import { whereCodexListens } from '../frames/dial-app-server.ts'
import { SharedLink } from './shared-link.ts'

export class SharedLinks {
  private readonly core: Pick<DaemonCore, 'places' | 'settings' | 'log' | 'supervisor'>
  private readonly links = new Map<string, SharedLink>()

  constructor(core: Pick<DaemonCore, 'places' | 'settings' | 'log' | 'supervisor'>) {
    this.core = core
  }

  for(hello: ClientRequest): SharedLink | undefined {
    // Codex asks one of the clients that offer this; a link that stands for several cannot answer.
    if (objectIn(hello.params, 'capabilities')?.requestAttestation === true) return undefined
    for (const [said, link] of this.links) if (link.isOver) this.links.delete(said)
    const said = JSON.stringify(hello.params)
    const { settings, log } = this.core
    const { queuedBytes: maxQueuedBytes, ownLinks } = settings.limits
    const options = { socketPath: () => whereCodexListens(this.core), maxQueuedBytes, ownLinks, hello, log }
    const link = this.links.get(said) ?? new SharedLink(options)
    this.links.set(said, link)
    return link
  }
}
