/** What a thread may be called beside the others and where it may work, checked before Codex is asked. */
import { statSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import type { ThreadRow } from '../../ledger/thread-store.ts'
import { ShareError } from '../../protocol/errors.ts'
import { shellWord } from '../../protocol/text/shell-word.ts'

/**
 * A name stands for one shared thread, so that `--thread NAME` goes on meaning the same.
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
