/** Opens a connection to the daemon that listens at these very places; starts none, and prints nothing. */
import type { Places } from '../../platform/places/resolve-places.ts'
import type { DaemonClient } from '../connection/daemon-client.ts'
import type { Identity } from '../connection/handshake.ts'
import { openClient } from '../open-client.ts'

export interface RunningDaemonOptions {
  readonly places: Pick<Places, 'daemonSocket'>
  readonly identity: Identity
  readonly deadlineMs: number
}

/** @throws as `openClient` */
export function openRunning({ places, identity, deadlineMs }: RunningDaemonOptions): Promise<DaemonClient> {
  return openClient({ endpoint: { kind: 'given', path: places.daemonSocket }, identity, notice: () => {}, deadlineMs })
}
