/** Finds the thread that `--thread` means, and says so when that opened it for sharing, or when it is not shared any more. */
import { ShareError } from '../protocol/errors.ts'
import type { SharedThread } from '../protocol/methods.ts'
import type { DaemonClient } from './connection/daemon-client.ts'

export interface ResolveThreadOptions {
  readonly notice: (text: string) => void
  readonly signal?: AbortSignal
  /** It is only read: one whose sharing was stopped is left so. */
  readonly toRead?: boolean
}

/** Milliseconds for a thread to be opened: Codex may have to read a long one before. */
export const openThreadMs = 90_000

/**
 * @param reference an id, the beginning of one, a name, or `last`
 * @throws ShareError `notFound`; `usage` when several threads are meant
 */
export async function resolveThread(
  client: DaemonClient,
  reference: string,
  { notice, signal, toRead = false }: ResolveThreadOptions,
): Promise<SharedThread> {
  if (reference.trim() === '') throw new ShareError('usage', '--thread is empty')
  const { thread, opened } = await client.call(
    'share/resolve',
    { thread: reference, stopped: toRead },
    { timeoutMs: openThreadMs, ...(signal ? { signal } : {}) },
  )
  if (opened === 'existing') notice(`opened thread ${thread.threadId} for sharing`)
  if (opened === 'stopped')
    notice(
      `thread ${thread.threadId} is no longer shared: what was recorded until then can be read; a post shares it again`,
    )
  return thread
}
