/** A stock client's session without sockets: what the rules do with it is logged, and the test plays Codex and the gate. */

import { PrivateThreads } from '../../../src/daemon/adoption/private-threads.ts'
import { ClientIntroduction } from '../../../src/daemon/codex-socket/client-introduction.ts'
import { ClientThreads } from '../../../src/daemon/codex-socket/client-threads.ts'
import type { ClientRequest } from '../../../src/daemon/codex-socket/frames/client-frames.ts'
import type { PassOptions, StockSession } from '../../../src/daemon/codex-socket/stock-session.ts'
import type { DaemonCore } from '../../../src/daemon/core.ts'
import type { PeerIdentity } from '../../../src/daemon/peers/peer-identity.ts'
import { rightOf } from '../../../src/daemon/peers/rights.ts'
import { TurnSlots } from '../../../src/daemon/slots/turn-slots.ts'
import { ThreadSettingsStore } from '../../../src/daemon/thread-settings/thread-settings.ts'
import { Guard } from '../../../src/rpc/guard.ts'

export class ScriptedSession {
  /** In order: `['pass', method, params]`, and what else the session was asked for. */
  readonly log: unknown[][] = []
  readonly shared = new Set<string>()
  readonly slots = new TurnSlots()
  readonly threadSettings = new ThreadSettingsStore()
  readonly threads = new ClientThreads()
  readonly introduction = new ClientIntroduction('p1', 7)
  /** Whether the client’s own link is the one that sends the threads. */
  isOwn = true
  isAdopted = false
  isOver = false
  readonly privateThreads = new PrivateThreads()
  /** What the client is when it is not simply a process of the user’s own. */
  identity: PeerIdentity = { kind: 'own', pid: 7 }
  gate: Partial<DaemonCore['gate']> = { steer: (...steered) => this.steer(...steered) }
  private last: PassOptions | undefined

  get session(): StockSession {
    const note =
      (what: string) =>
      (...told: unknown[]) =>
        void this.log.push([what, ...told])
    const { shared, slots, threadSettings, threads, introduction, identity, gate, privateThreads } = this
    const { isAdopted } = this
    const isOver = () => this.isOver
    const core = {
      directory: {
        isShared: (threadId: string) => shared.has(threadId),
        claim: async (id: string) => note('claim')(id),
      },
      notifications: {
        interruptedBy: (threadId: string) => note('interruptedBy')(threadId),
        revertedBy: (threadId: string) => note('revertedBy')(threadId),
      },
      ...{ slots, threadSettings, gate, privateThreads },
      settings: { adoptShares: 'asked' },
      log: { info: () => {}, warn: () => {}, debug: () => {} },
    } as unknown as DaemonCore
    return {
      core,
      guard: new Guard((error) => note('failed')(String(error))),
      ...{ identity, introduction, threads, isAdopted },
      get isOver() {
        return isOver()
      },
      right: rightOf(identity, { confined: 'post' }),
      author: introduction.author,
      handovers: {
        onOpened: ({ threadId }) => note('opened')(threadId),
        onClosed: note('closed'),
        isOwn: () => this.isOwn,
      },
      client: {
        reply: (_request, result) => note('reply')(result),
        refuse: (_request, { code, message }) => note('refuse')(code, message),
        send: (frame) => note('send')(JSON.parse(frame)),
      },
      server: {
        untilLinked: async () => {},
        pass: (request, options, params) => {
          this.last = options
          note('pass')(request.method, params ?? 'as it came')
        },
      },
      announce: ({ threadId }, change) => note(change)(threadId),
    }
  }

  /** The gate judges by the claim alone, and sends over the client's link. */
  private async steer(...[params, { claim }, sender]: Parameters<DaemonCore['gate']['steer']>) {
    const admission = claim && this.slots.judge(String(params.threadId), { is: 'steer', claim, isAskedFor: false })
    if (admission && 'active' in admission) return { is: 'notSteerable', active: admission.active } as const
    const sent = await sender?.send('turn/steer', params, undefined)
    if (sent?.is === 'answered') return { is: 'taken', value: sent.result } as const
    return { is: 'refused', error: null } as const
  }

  /** Codex answers what was passed on last. */
  answer(reply: object): void {
    this.last?.onReply?.(Buffer.from(JSON.stringify(reply)))
  }

  /** The link ends before that. */
  lose(): void {
    this.last?.onLost?.()
  }

  /** Whether the reply to what was passed on last is for the daemon alone. */
  get isOurs(): boolean {
    return this.last?.isOurs === true
  }

  /** A thread that the client has open. */
  open(threadId: string, { isHelper = false, isNew = false } = {}) {
    return this.threads.add({ thread: { id: threadId, ephemeral: isHelper, cwd: '/' } }, { isNew })
  }
}

export function clientRequest(method: string, params: object): ClientRequest {
  return { id: '1', method, params: { ...params }, data: Buffer.from(JSON.stringify({ id: 1, method, params })) }
}
