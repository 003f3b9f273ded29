/** The interface of a check, and what it may look at. */
import type { Environment, Places } from '../platform/places/resolve-places.ts'
import type { Settings } from '../platform/settings/settings.ts'
import type { System } from '../platform/system/system.ts'
import type { DaemonStatus } from '../protocol/status.ts'
import type { HeldTurn } from './find-held-turns.ts'
import type { Finding } from './finding.ts'

/** The daemon, as it could be reached. It is never started by looking. */
export type DaemonSight =
  | { readonly state: 'running'; readonly status: DaemonStatus; readonly held: readonly HeldTurn[] }
  /** Nobody listens: `dead` when its socket is still there. */
  | { readonly state: 'absent' | 'dead' }
  /** Somebody listens and cannot be talked to. */
  | { readonly state: 'unwell'; readonly message: string; readonly hint: string }

export interface DoctorContext {
  readonly env: Environment
  readonly system: System
  readonly places: Places
  readonly settings: Settings
  readonly daemon: DaemonSight
  readonly node: { readonly version: string; readonly path: string }
  /** bin/run.js of this package. */
  readonly program: string
  readonly programVersion: string
  /** $CODEX_HOME, or where Codex looks without it; a real path. */
  readonly codexHome: string
  readonly now: number
  /** Also what takes long. */
  readonly deep: boolean
  /** Writes to the person who waits, on stderr. */
  readonly notice: (text: string) => void
  /** Aborted when the person leaves: nothing may be left behind. */
  readonly signal: AbortSignal
}

export interface Check {
  /** A word or two: what is looked at. */
  readonly name: string
  /** Looks and judges; throws only when it could not even look. */
  readonly run: (context: DoctorContext) => Promise<readonly Finding[]> | readonly Finding[]
}
