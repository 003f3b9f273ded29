/** Finds threads by what people type, and opens those that only Codex knows. */
import { randomUUID } from 'node:crypto'
import { basename } from 'node:path'
import type { Thread } from '../../codex/decoding/upstream-types.ts'
import type { AppServerLink } from '../../codex/link/app-server-link.ts'
import { threadTrouble } from '../../codex/link/upstream-quirks.ts'
import { holderOf } from '../../codex/threads/thread-holder.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { ThreadFacts, ThreadRow } from '../../ledger/thread-store.ts'
import type { ProcessWithFile } from '../../platform/system/system.ts'
import { ShareError } from '../../protocol/errors.ts'
import type { SharedThread } from '../../protocol/methods.ts'
import type { ThreadQueue } from '../../protocol/queue.ts'
import { archivedError, type CodexGateway, translateUpstreamError } from '../codex-link/codex-gateway.ts'
import type { Peers } from '../peers/peers.ts'
import type { Recorder } from '../publishing/recorder.ts'
import type { TurnSlots } from '../slots/turn-slots.ts'
import type { ThreadSync } from './thread-sync.ts'

export interface ThreadDirectoryDeps {
  readonly ledger: Ledger
  readonly recorder: Recorder
  readonly threadSync: ThreadSync
  readonly gateway: CodexGateway
  readonly slots: TurnSlots
  readonly peers: Peers
  readonly queues: { describe(threadId: string): ThreadQueue | undefined }
}

export interface NewThread {
  readonly name?: string | undefined
  readonly cwd?: string | undefined
}

export interface ResolveOptions {
  /** Whether one that only Codex knows may be opened for sharing. */
  readonly mayOpen?: boolean
}

type Opened = 'existing' | 'already' | 'stopped'

export interface Resolved<O extends Opened> {
  readonly threadId: string
  readonly opened: O
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** All kinds of sources: without them Codex lists only threads of its own interactive programs. */
const everySource = ['cli', 'vscode', 'exec', 'appServer', 'unknown'] as const

export class ThreadDirectory {
  private readonly deps: ThreadDirectoryDeps

  constructor(deps: ThreadDirectoryDeps) {
    this.deps = deps
  }

  /** Whether the thread is open for sharing. */
  isShared(threadId: string): boolean {
    const row = this.deps.ledger.threads.get(threadId)
    return row !== undefined && row.closedMs === null
  }

  /** @throws ShareError `notFound`; `unavailable` when Codex cannot be asked. */
  async ensureShared(threadId: string): Promise<'existing' | 'already'> {
    if (this.isShared(threadId)) return 'already'
    await this.claim(threadId)
    return 'existing'
  }

  /**
   * As `follow`, so that something can be done in the thread: the user's own server may have had it open and gone. Returns the link on
   * which the thread is caught up with: on a later one it is not, and a turn begun there would be taken for what the former run left.
   *
   * @throws as `follow`; ShareError `unavailable` at once while the ledger cannot be written, as catching up would wait for that
   */
  async claim(threadId: string): Promise<AppServerLink> {
    this.deps.recorder.requireWritable()
    await this.deps.gateway.takeBack(threadId)
    return this.follow(threadId)
  }

  /**
   * The link on which the thread is caught up with at this moment, for what is to be sent at once. `link` is where it was claimed.
   *
   * @throws as `claim`
   */
  async stillClaimed(threadId: string, link: AppServerLink): Promise<AppServerLink> {
    const { threadSync, gateway } = this.deps
    let claimed = link
    while (gateway.current !== claimed || !threadSync.isCaughtUp(threadId)) claimed = await this.claim(threadId)
    return claimed
  }

  /** Has the thread followed on the link, if it is not yet; a thread unknown to the ledger is added. Returns the link. */
  follow(threadId: string): Promise<AppServerLink> {
    return this.followIf(() => true, threadId)
  }

  private async followIf(isWanted: () => boolean, threadId: string): Promise<AppServerLink> {
    const { threadSync, gateway } = this.deps
    try {
      const { link, thread } = await gateway.onAnyLink(async (link) => {
        if (!isWanted()) throw new ShareError('notFound', `thread ${threadId} is not shared`)
        return { link, thread: await threadSync.attach(threadId, link) }
      })
      if (!this.isShared(threadId) && isWanted())
        this.open(threadId, { name: thread.name, cwd: thread.cwd, preview: null })
      return link
    } catch (error) {
      const kind = threadTrouble(error)?.kind
      if (kind === 'activeWriter') throw heldElsewhere(threadId, await holderOf(threadId), error)
      const isArchived = kind === 'archived' || (kind === 'unknown' && (await this.isArchived(threadId)))
      if (!isArchived) throw translateUpstreamError(error, threadId)
      void this.deps.recorder.persist(() => this.deps.ledger.threads.setArchived(threadId, true))
      throw archivedError(threadId, error)
    }
  }

  /** A Codex before 0.171 says of an archived thread that there is none, and has it all the same. */
  private async isArchived(threadId: string): Promise<boolean> {
    const link = this.deps.gateway.current
    const read = await link?.request('thread/read', { threadId, includeTurns: false }).catch(() => undefined)
    return read?.thread.path?.includes('/archived_sessions/') ?? false
  }

  /** Opens a thread that Codex has not stored yet, as nothing was said in it. It is followed once its first turn runs. */
  shareUnstored({ id, name, cwd, preview }: Pick<Thread, 'id' | 'name' | 'cwd' | 'preview'>): void {
    this.open(id, { name, cwd, preview: preview || null })
  }

  /** @throws ShareError `unavailable` when the ledger cannot be written */
  private open(threadId: string, facts: ThreadFacts): void {
    this.deps.recorder.writeNow(() => this.deps.ledger.threads.open(threadId, facts))
  }

  /** Takes that back when nothing came of it. */
  unshareUnused(threadId: string): void {
    const { ledger, recorder } = this.deps
    const { threads, events } = ledger
    if (events.head(threadId) === threads.idBase) void recorder.persist(() => threads.close(threadId))
  }

  /** As `follow`, of a thread that is shared: where its sharing is stopped before or meanwhile, it is left alone. */
  async followAgain(threadId: string): Promise<void> {
    const isShared = () => this.isShared(threadId)
    if (isShared())
      await this.followIf(isShared, threadId).catch((error: unknown) => {
        if (isShared()) throw error
      })
  }

  /** Starts a thread in Codex. It gets a name at once: that is what stores it, so that others can resume it. */
  async start(wanted: NewThread): Promise<string> {
    return this.deps.gateway.untilSent(() => this.startOnce(wanted))
  }

  private async startOnce({ name, cwd }: NewThread): Promise<string> {
    const { threadSync } = this.deps
    const link = await this.deps.gateway.link()
    try {
      const started = await link.request('thread/start', cwd === undefined ? {} : { cwd })
      const { thread } = started
      await link.request('thread/name/set', { threadId: thread.id, name: name ?? defaultName(thread) })
      threadSync.adopt({ ...thread, name: name ?? defaultName(thread) }, started)
      return thread.id
    } catch (error) {
      throw translateUpstreamError(error, null)
    }
  }

  /** Which of the shared threads is meant by an id, `last`, a name, or the beginning of an id. */
  findShared(reference: string): string | undefined {
    return meantBy(reference, this.deps.ledger.threads.listOpen())
  }

  /** Which of those that are not shared any more, where no shared one is meant. */
  findStopped(reference: string): string | undefined {
    return this.findShared(reference) ? undefined : meantBy(reference, this.deps.ledger.threads.listStopped())
  }

  /**
   * The thread meant by an id, `last`, a name, or the beginning of an id.
   *
   * One that only Codex knows is opened, unless `mayOpen` is false.
   *
   * @throws ShareError `notFound`; `usage` when several are meant, with `facts.candidates`.
   */
  async resolve(reference: string, { mayOpen = true }: ResolveOptions = {}): Promise<Resolved<'existing' | 'already'>> {
    const threadId = await this.find(reference, mayOpen)
    return { threadId, opened: await this.ensureShared(threadId) }
  }

  /** As `resolve`, for what only reads: a thread whose sharing was stopped is found where no shared one is meant, and is left so. */
  async resolveToRead(reference: string, { mayOpen = true }: ResolveOptions = {}): Promise<Resolved<Opened>> {
    const threadId = this.findStopped(reference) ?? (await this.find(reference, mayOpen))
    const isStopped = !this.isShared(threadId) && this.deps.ledger.threads.has(threadId)
    return { threadId, opened: isStopped ? 'stopped' : await this.ensureShared(threadId) }
  }

  private async find(reference: string, mayOpen: boolean): Promise<string> {
    if (uuid.test(reference)) {
      const threadId = reference.toLowerCase()
      if (mayOpen || this.isShared(threadId)) return threadId
      throw new ShareError('notFound', `thread ${threadId} is not shared`)
    }
    const shared = this.findShared(reference)
    if (shared) return shared
    if (reference === 'last')
      throw new ShareError('notFound', 'no thread is shared', { hint: 'Share one with `codex-share start`.' })
    if (!mayOpen) throw new ShareError('notFound', `no shared thread has the id or name ${JSON.stringify(reference)}`)
    const listStored = await this.stored(reference)
    const found = onlyOne(
      reference,
      listStored.map(({ id, name }) => ({ threadId: id, name })),
    )
    if (!found) throw new ShareError('notFound', `no thread has the id or name ${JSON.stringify(reference)}`)
    return found
  }

  describe(threadId: string): SharedThread {
    const { ledger, peers, slots, queues } = this.deps
    const queue = queues.describe(threadId)
    const row = ledger.threads.get(threadId)
    if (!row) throw new ShareError('notFound', `thread ${threadId} is not shared`)
    const { name, cwd, preview, openedMs, updatedMs, archived } = row
    return {
      threadId,
      name,
      cwd,
      preview,
      openedAt: new Date(openedMs).toISOString(),
      updatedAt: new Date(updatedMs).toISOString(),
      head: ledger.events.head(threadId),
      peers: peers.count(threadId),
      turn: slots.active(threadId),
      ...(queue && { queue }),
      ...(archived === 1 && { archived: true as const }),
      ...(this.deps.gateway.isElsewhere(threadId) && { openIn: 'codex' as const }),
    }
  }

  /** The newest threads that Codex has stored. A name may be searched for; an id cannot. */
  private async stored(reference: string): Promise<Thread[]> {
    const link = await this.deps.gateway.link()
    const list = (more: { searchTerm?: string }) => listThreads(link, more)
    const byName = await list({ searchTerm: reference })
    return /^[0-9a-f-]{4,}$/i.test(reference) ? [...byName, ...(await list({}))] : byName
  }
}

async function listThreads(link: AppServerLink, more: { readonly searchTerm?: string }): Promise<Thread[]> {
  const params = { limit: 100, modelProviders: [], sourceKinds: [...everySource], sortKey: 'updated_at' as const }
  return (await link.request('thread/list', { ...params, ...more })).data
}

/** @param threads the last used first */
function meantBy(reference: string, threads: readonly ThreadRow[]): string | undefined {
  return reference === 'last' ? threads[0]?.threadId : onlyOne(reference, threads)
}

/** A name may look like the beginning of an id: where a thread has that very name, it is the one. */
function onlyOne(reference: string, threads: readonly Pick<ThreadRow, 'threadId' | 'name'>[]): string | undefined {
  const prefix = reference.toLowerCase()
  const named = threads.filter(({ name }) => name === reference)
  const begun = threads.filter(({ threadId }) => prefix.length >= 4 && threadId.startsWith(prefix))
  const candidates = [...new Set((named.length > 0 ? named : begun).map(({ threadId }) => threadId))]
  if (candidates.length <= 1) return candidates[0]
  throw new ShareError(
    'usage',
    `${JSON.stringify(reference)} may be any of ${candidates.length} threads: ${candidates.join(', ')}`,
    {
      facts: { candidates },
      hint: 'Give the whole id of the one that is meant.',
    },
  )
}

/** A thread in a process that cannot be reached: only its end frees it. */
function heldElsewhere(threadId: string, holder: ProcessWithFile | undefined, cause: unknown): ShareError {
  const who = holder ? `process ${holder.pid} (${holder.command})` : 'another Codex process'
  return new ShareError('unavailable', `thread ${threadId} is open in ${who}, which cannot be reached from here`, {
    facts: { threadId, holder: holder ?? null },
    cause,
    hint: 'End that Codex session, then try again. A thread of a Codex in the background (`codex app-server daemon start`) can be shared as it is.',
  })
}

/** Short enough to type, and never the same twice in a folder. */
function defaultName({ cwd }: Thread): string {
  return `${basename(cwd) || 'thread'}-${randomUUID().slice(0, 4)}`
}
