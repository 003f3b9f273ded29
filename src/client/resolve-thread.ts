/** Finds the thread that `--thread` means, and says so when that opened it for sharing. */
import { ShareError } from '../protocol/errors.ts'
import type { SharedThread } from '../protocol/methods.ts'
import type { DaemonClient } from './daemon-client.ts'

export interface ResolveThreadOptions {
  readonly notice: (text: string) => void
  readonly signal?: AbortSignal
}

/** Codex may have to read a long thread before it is opened. */
const openMs = 90_000

/**
 * @param reference an id, the beginning of one, a name, or `last`
 * @throws ShareError `notFound`; `usage` when several threads are meant
 */
export async function resolveThread(
  client: DaemonClient,
  reference: string,
  { notice, signal }: ResolveThreadOptions,
): Promise<SharedThread> {
  if (reference.trim() === '') throw new ShareError('usage', '--thread is empty')
  const { thread, opened } = await client.call(
    'share/resolve',
    { thread: reference },
    { timeoutMs: openMs, ...(signal ? { signal } : {}) },
  )
  if (opened === 'existing') notice(`opened thread ${thread.threadId} for sharing`)
  return thread
}
