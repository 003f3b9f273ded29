/** Keeps the threads that one stock client has open on its link. */
import type { Thread } from '../../codex/decoding/upstream-types.ts'
import { type JsonObject, objectIn, textIn } from '../../protocol/json/read-json.ts'

export type ThreadHead = Pick<Thread, 'name' | 'cwd' | 'preview'>

export interface ClientThread {
  readonly threadId: string
  /** A helper of the client's own, such as one that names a session: it is never shared. */
  readonly isHelper: boolean
  readonly facts: ThreadHead
  /** Nothing was said in it yet, so Codex has not stored it, and no other connection can resume it. */
  isUnstored: boolean
  /** The turn that the client believes to run. */
  turnId: string | null
  /** The last turn that this client itself began. */
  ownTurnId: string | null
}

export class ClientThreads {
  private readonly threads = new Map<string, ClientThread>()

  get(threadId: string | null): ClientThread | undefined {
    return threadId === null ? undefined : this.threads.get(threadId)
  }

  /** All but the helpers. */
  list(): ClientThread[] {
    return [...this.threads.values()].filter(({ isHelper }) => !isHelper)
  }

  /** Takes the thread out of a result of `thread/start`, `thread/resume` or `thread/fork`. */
  add(result: JsonObject, { isNew }: { readonly isNew: boolean }): ClientThread | undefined {
    const thread = objectIn(result, 'thread')
    const threadId = textIn(thread, 'id')
    if (!thread || threadId === null) return undefined
    const before = this.threads.get(threadId)
    if (before) return before
    const opened: ClientThread = {
      threadId,
      isHelper: thread.ephemeral === true,
      facts: {
        name: textIn(thread, 'name'),
        cwd: textIn(thread, 'cwd') ?? '',
        preview: textIn(thread, 'preview') ?? '',
      },
      isUnstored: isNew,
      turnId: null,
      ownTurnId: null,
    }
    this.threads.set(threadId, opened)
    return opened
  }

  remove(threadId: string): ClientThread | undefined {
    const thread = this.threads.get(threadId)
    this.threads.delete(threadId)
    return thread
  }

  /** Forgets the helpers: they did not survive the app-server. */
  dropHelpers(): void {
    for (const [threadId, { isHelper }] of this.threads) if (isHelper) this.threads.delete(threadId)
  }
}
