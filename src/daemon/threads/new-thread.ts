/** Starts a thread in Codex, and checks beforehand what it may be called beside the others and where it may work. */
import { randomUUID } from 'node:crypto'
import { statSync } from 'node:fs'
import { basename, isAbsolute } from 'node:path'
import type { Thread } from '../../codex/decoding/upstream-types.ts'
import type { ThreadRow } from '../../ledger/thread-store.ts'
import { ShareError } from '../../protocol/errors.ts'
import { shellWord } from '../../protocol/text/shell-word.ts'
import type { CodexGateway } from '../codex-link/codex-gateway.ts'
import { translateUpstreamError } from '../codex-link/translate-upstream-error.ts'
import type { ThreadSync } from './thread-sync.ts'

export interface NewThread {
  readonly name?: string | undefined
  readonly cwd?: string | undefined
}

export interface NewThreadDeps {
  readonly gateway: Pick<CodexGateway, 'untilSent' | 'link'>
  readonly threadSync: Pick<ThreadSync, 'adopt'>
}

/** Returns its id. It gets a name at once: that is what stores it, so that others can resume it. */
export function startThread({ gateway, threadSync }: NewThreadDeps, { name, cwd }: NewThread): Promise<string> {
  return gateway.untilSent(async () => {
    const link = await gateway.link()
    try {
      const started = await link.request('thread/start', cwd === undefined ? {} : { cwd })
      const thread = { ...started.thread, name: name ?? defaultName(started.thread) }
      await link.request('thread/name/set', { threadId: thread.id, name: thread.name })
      threadSync.adopt(thread, started)
      return thread.id
    } catch (error) {
      throw translateUpstreamError(error, null)
    }
  })
}

/** Short enough to type, and never the same twice in a folder. */
export function defaultName({ cwd }: Pick<Thread, 'cwd'>): string {
  return `${basename(cwd) || 'thread'}-${randomUUID().slice(0, 4)}`
}

/**
 * A name stands for one shared thread, so that `--thread NAME` keeps its meaning.
 *
 * @throws ShareError `conflict` for one that another thread has
 */
export function refuseTakenName(name: string, shared: readonly ThreadRow[], threadId: string | undefined): void {
  const other = shared.find((thread) => thread.name === name && thread.threadId !== threadId)
  if (!other) return
  throw new ShareError('conflict', `a thread called ${JSON.stringify(name)} is shared already: ${other.threadId}`, {
    facts: { threadId: other.threadId },
    hint: `Use it with --thread ${shellWord(name)}, or choose another name.`,
  })
}

/** @throws ShareError `usage` unless the folder is there */
export function checkFolder(cwd: string): void {
  if (!isAbsolute(cwd)) throw new ShareError('usage', `the folder must be an absolute path: ${cwd}`)
  if (!statSync(cwd, { throwIfNoEntry: false })?.isDirectory())
    throw new ShareError('usage', `there is no folder ${cwd}`)
}
