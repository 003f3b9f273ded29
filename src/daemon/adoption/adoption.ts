/**
 * Listens where a plain `codex` looks for its background server, and never in the way of one.
 *
 *     off ── set(true) ──▶ waiting ◀──▶ foreign
 *                             │  ▲
 *                   it is free▼  │it was taken, or Codex cannot be reached
 *                          listening
 *
 * `waiting`: the place is free, and cannot be served at this moment. `foreign`: a server of the user's own is there; its end is waited for.
 * The place is held only while a session can be served: a plain `codex` that finds nobody there starts a server of its own, and one that
 * finds a socket without an answer gives up.
 */

import type { Logger } from '../../platform/logging/log.ts'
import { controlSocketPath } from '../../platform/places/codex-home.ts'
import type { System } from '../../platform/system/system.ts'
import { thisSystem } from '../../platform/system/this-system.ts'
import { awakeMs } from '../../platform/time/awake-clock.ts'
import { messageOf } from '../../protocol/errors.ts'
import type { AdoptionStatus } from '../../protocol/status.ts'
import { type ControlListener, placeMark, probe, refuseImpossiblePlace, takeControlPath } from './control-socket.ts'

/** While the app-server is away and the place is held. */
const lookAgainMs = 100

/** Serves those who come to a listener, until that is closed. */
export type ServeSessions = (listener: ControlListener) => Promise<{ close(): Promise<void> }>

export interface AdoptionDeps {
  readonly codexHome: () => string
  /** Why no session can be served at this moment; null when the app-server is linked to. */
  readonly hindrance: () => string | null
  readonly maxConnections: number
  readonly log: Logger
  readonly system?: System
  /** Milliseconds between two looks at the place. */
  readonly lookEveryMs?: number
  /** Milliseconds that the app-server may be away, as when it is moved, and the place is kept: a plain `codex` waits 2 s for an answer. */
  readonly keptMs?: number
}

interface Held {
  readonly path: string
  readonly listener: ControlListener
  readonly sessions: { close(): Promise<void> }
}

interface Foreign {
  readonly mark: string
  readonly pid: number | null
  readonly startToken: string | undefined
}

export class Adoption {
  private readonly deps: AdoptionDeps
  private readonly system: System
  private serve: ServeSessions | undefined
  private wanted = false
  private held: Held | undefined
  private foreign: Foreign | undefined
  private problem: string | null = null
  private readyAtMs = -Infinity
  private timer: NodeJS.Timeout | undefined
  private looking: Promise<void> = Promise.resolve()
  private isLooking = false
  private closed = false

  constructor(deps: AdoptionDeps) {
    this.deps = deps
    this.system = deps.system ?? thisSystem
  }

  get status(): AdoptionStatus {
    const { held, foreign, wanted, problem } = this
    const state = !wanted ? 'off' : held ? 'listening' : foreign ? 'foreign' : 'waiting'
    const holder = held ? process.pid : (foreign?.pid ?? null)
    return { path: this.path, state, holder, problem: wanted ? problem : null }
  }

  /** From now on sessions can be served; to be called once. */
  start(serve: ServeSessions, wanted: boolean): void {
    this.serve = serve
    this.timer = setInterval(() => this.look(), this.deps.lookEveryMs ?? 1000).unref()
    this.wanted = wanted
    void this.look()
  }

  /**
   * Adopts, or gives the place back; sessions that are open go on. Resolves once that is done, as far as it can be done at once.
   *
   * @throws ShareError `unavailable` where it can never be done here
   */
  async set(wanted: boolean): Promise<AdoptionStatus> {
    if (wanted) refuseImpossiblePlace(this.deps.codexHome(), this.system)
    this.wanted = wanted
    // One that is underway may have looked before this was wanted.
    await this.looking
    await this.look()
    return this.status
  }

  /** Gives the place back, for good. */
  async close(): Promise<void> {
    this.closed = true
    clearInterval(this.timer)
    await this.looking
    await this.release()
  }

  private get path(): string {
    return controlSocketPath(this.deps.codexHome())
  }

  private look(): Promise<void> {
    if (this.isLooking || this.closed) return this.looking
    this.isLooking = true
    this.looking = this.step()
      .catch((error: unknown) => this.onTrouble(messageOf(error)))
      .finally(() => {
        this.isLooking = false
        if (this.held && this.deps.hindrance() !== null) setTimeout(() => this.look(), lookAgainMs).unref()
      })
    return this.looking
  }

  private async step(): Promise<void> {
    const hindrance = this.deps.hindrance()
    if (hindrance === null) this.readyAtMs = awakeMs()
    const isServable = awakeMs() - this.readyAtMs < (this.deps.keptMs ?? 1500)
    const { held } = this
    if (held && this.wanted && isServable && held.path === this.path && held.listener.isInPlace()) return
    await this.release()
    if (!this.wanted) {
      this.foreign = undefined
      this.problem = null
      return
    }
    refuseImpossiblePlace(this.deps.codexHome(), this.system)
    if (await this.isForeign()) return
    if (hindrance !== null) return this.onTrouble(hindrance)
    await this.take()
  }

  /** Whether a server that was there still is. It is only connected to where something has changed. */
  private async isForeign(): Promise<boolean> {
    const { foreign, path } = this
    const mark = placeMark(path)
    const isSame =
      foreign?.pid != null &&
      foreign.mark === mark &&
      foreign.startToken !== undefined &&
      (await this.system.startTokenOf(foreign.pid)) === foreign.startToken
    if (isSame) return true
    const occupant = await probe(path, this.system)
    if (occupant.is === 'nobody') {
      this.foreign = undefined
      return false
    }
    await this.noteForeign(occupant.pid, mark)
    return true
  }

  private async noteForeign(pid: number | null, mark: string): Promise<void> {
    const startToken = pid === null ? undefined : await this.system.startTokenOf(pid)
    if (!this.foreign || this.foreign.pid !== pid)
      this.deps.log.info({ path: this.path, pid }, 'a plain codex has a server of its own: its end is waited for')
    this.foreign = { mark, pid, startToken }
    this.problem = null
  }

  private async take(): Promise<void> {
    const { serve, path } = this
    const { maxConnections, log } = this.deps
    if (!serve) return
    const taking = await takeControlPath({ path, maxConnections, onTrouble: (message) => log.warn(message) })
    if (taking.is === 'busy') return this.onTrouble('Codex is starting a server of its own')
    if (taking.is === 'somebody') return this.noteForeign(taking.pid, placeMark(path))
    const { listener } = taking
    const sessions = await serve(listener).catch(async (error: unknown) => {
      await listener.close()
      throw error
    })
    this.held = { path, listener, sessions }
    this.foreign = undefined
    this.problem = null
    log.info({ path }, 'every plain codex comes through here')
    if (this.closed || !this.wanted) await this.release()
  }

  private async release(): Promise<void> {
    const { held } = this
    if (!held) return
    this.held = undefined
    this.deps.log.info(
      { path: held.path, wasTaken: !held.listener.isInPlace() },
      'the place of a plain codex is given back',
    )
    await held.sessions.close()
  }

  private onTrouble(problem: string): void {
    if (this.problem !== problem) this.deps.log.info({ problem }, 'a plain codex is not served')
    this.problem = problem
  }
}
