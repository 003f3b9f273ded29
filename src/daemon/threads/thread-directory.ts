/** Opens threads for sharing, and has them followed and caught up with before something is done in them. */
import type { Thread } from '../../codex/decoding/upstream-types.ts'
import type { AppServerLink } from '../../codex/link/app-server-link.ts'
import { threadTrouble } from '../../codex/link/upstream-quirks.ts'
import { holderOf } from '../../codex/threads/thread-holder.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { ThreadFacts } from '../../ledger/thread-store.ts'
import type { ProcessWithFile } from '../../platform/system/system.ts'
import { isSoWithin } from '../../platform/time/within.ts'
import { ShareError } from '../../protocol/errors.ts'
import type { PrivateThreads } from '../adoption/private-threads.ts'
import type { CodexGateway } from '../codex-link/codex-gateway.ts'
import { archivedError, translateUpstreamError } from '../codex-link/translate-upstream-error.ts'
import type { Recorder } from '../publishing/recorder.ts'
import { defaultName } from './new-thread.ts'
import { factsOf } from './thread-facts.ts'
import type { ThreadFinder } from './thread-finder.ts'
import type { ThreadSync } from './thread-sync.ts'

/** Codex stores a thread within tenths of a second of its first turn. */
const storedMs = 5000

export interface ThreadDirectoryDeps {
  readonly ledger: Ledger
  readonly recorder: Recorder
  readonly finder: ThreadFinder
  readonly threadSync: ThreadSync
  readonly gateway: CodexGateway
  readonly privateThreads: Pick<PrivateThreads, 'isOpen' | 'unstored' | 'noteStored' | 'turnIn' | 'whileOpening'>
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

export class ThreadDirectory {
  private readonly deps: ThreadDirectoryDeps

  constructor(deps: ThreadDirectoryDeps) {
    this.deps = deps
  }

  /** Whether the thread is open for sharing. */
  isShared(threadId: string): boolean {
    return this.deps.finder.isShared(threadId)
  }

  /**
   * The thread meant by an id, `last`, a name, or the beginning of an id.
   *
   * One that only Codex knows is opened, unless `mayOpen` is false.
   *
   * @throws ShareError `notFound`; `usage` when several are meant, with `facts.candidates`.
   */
  async resolve(reference: string, { mayOpen = true }: ResolveOptions = {}): Promise<Resolved<'existing' | 'already'>> {
    const threadId = await this.deps.finder.find(reference, mayOpen)
    return { threadId, opened: await this.ensureShared(threadId) }
  }

  /**
   * As `resolve`, for what only reads: a thread whose sharing was stopped is found where no shared one is meant, and is left so. One that
   * is open in a plain `codex` is private until somebody shares it.
   */
  async resolveToRead(reference: string, { mayOpen = true }: ResolveOptions = {}): Promise<Resolved<Opened>> {
    const { finder, ledger } = this.deps
    const threadId = finder.findStopped(reference) ?? (await finder.find(reference, mayOpen))
    const isStopped = !this.isShared(threadId) && ledger.threads.has(threadId)
    if (!isStopped && !this.isShared(threadId) && this.deps.privateThreads.isOpen(threadId))
      throw privateError(threadId)
    return { threadId, opened: isStopped ? 'stopped' : await this.ensureShared(threadId) }
  }

  /** @throws ShareError `notFound`; `unavailable` when Codex cannot be asked. */
  async ensureShared(threadId: string): Promise<'existing' | 'already'> {
    if (this.isShared(threadId)) return 'already'
    await this.store(threadId)
    await this.claim(threadId)
    return 'existing'
  }

  /**
   * As `follow`, so that something can be done in the thread: the user's Codex server may have had it open and gone. Returns the link on
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

  /** As `follow`, of a thread that is shared: where its sharing is stopped before or meanwhile, it is left alone. */
  async followAgain(threadId: string): Promise<void> {
    const isShared = () => this.isShared(threadId)
    if (isShared())
      await this.followIf(isShared, threadId).catch((error: unknown) => {
        if (isShared()) throw error
      })
  }

  /** Opens a thread that Codex has not stored yet, as nothing was said in it. It is followed once its first turn runs. */
  shareUnstored(thread: Pick<Thread, 'id' | 'name' | 'cwd' | 'preview'>): void {
    this.open(thread.id, factsOf(thread))
  }

  /** Takes that back when nothing came of it. */
  unshareUnused(threadId: string): void {
    const { ledger, recorder } = this.deps
    const { threads, events } = ledger
    if (events.head(threadId) === threads.idBase) void recorder.persist(() => threads.close(threadId))
  }

  /** A session of a plain `codex` may have it open with nothing said in it. A name stores it, so that it can be opened here, too. */
  private async store(threadId: string): Promise<void> {
    const { privateThreads } = this.deps
    if (privateThreads.unstored(threadId)) await privateThreads.whileOpening(threadId, () => this.storeBehind(threadId))
  }

  /** Behind a first prompt that was on its way: Codex stores the thread with that, and fails to name it meanwhile. */
  private async storeBehind(threadId: string): Promise<void> {
    const { privateThreads, gateway } = this.deps
    if (privateThreads.turnIn(threadId)) await isSoWithin(storedMs, () => !privateThreads.unstored(threadId))
    const unstored = privateThreads.unstored(threadId)
    if (!unstored) return
    const name = unstored.name ?? defaultName(unstored)
    try {
      await gateway.onAnyLink((link) => link.request('thread/name/set', { threadId, name }))
    } catch (error) {
      throw translateUpstreamError(error, threadId)
    }
    privateThreads.noteStored(threadId)
  }

  private async followIf(isWanted: () => boolean, threadId: string): Promise<AppServerLink> {
    const { threadSync, gateway } = this.deps
    try {
      const { link, thread } = await gateway.onAnyLink(async (link) => {
        if (!isWanted()) throw new ShareError('notFound', `thread ${threadId} is not shared`)
        return { link, thread: await threadSync.attach(threadId, link) }
      })
      if (!this.isShared(threadId) && isWanted()) this.open(threadId, { name: thread.name, cwd: thread.cwd })
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

  /** @throws ShareError `unavailable` when the ledger cannot be written */
  private open(threadId: string, facts: Partial<ThreadFacts>): void {
    this.deps.recorder.writeNow(() => this.deps.ledger.threads.open(threadId, facts))
  }
}

function privateError(threadId: string): ShareError {
  return new ShareError('notFound', `thread ${threadId} is open in a plain codex, and nobody has shared it`, {
    facts: { threadId },
    hint: `Share it with \`codex-share start --thread ${threadId}\`; a post shares it as well.`,
  })
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
