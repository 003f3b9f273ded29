/** Describes the threads that are open in plain `codex` sessions, and that nobody has shared. */
import type { UnsharedThread } from '../../protocol/methods.ts'
import type { OpenThread } from '../adoption/private-threads.ts'
import type { DaemonCore } from '../core.ts'

type Deps = Pick<DaemonCore, 'privateThreads' | 'directory' | 'gateway'>

export function describePrivate(deps: Deps): Promise<UnsharedThread[]> {
  const open = deps.privateThreads.list().filter(({ threadId }) => !deps.directory.isShared(threadId))
  return Promise.all(open.map((thread) => describe(deps, thread)))
}

/** Names come and change past us: Codex is asked, where it can be. */
async function describe({ gateway }: Deps, { threadId, facts, sessions, turn }: OpenThread): Promise<UnsharedThread> {
  const read = await gateway.current
    ?.request('thread/read', { threadId, includeTurns: false }, { timeoutMs: 2000 })
    .catch(() => undefined)
  const { name, cwd, preview } = read?.thread ?? facts
  return {
    threadId,
    name,
    cwd,
    preview: preview === '' ? null : preview,
    running: turn !== null,
    openIn: sessions.map(({ author: { label, pid } }) => ({ label, pid })),
  }
}
