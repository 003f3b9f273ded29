/** `share/open`, `share/close`, `share/list`, `share/resolve`: which threads are shared. */
import { ShareError } from '../../../protocol/errors.ts'
import { threadName } from '../../../protocol/text/printable-name.ts'
import { busyError } from '../../gate/outcome.ts'
import { describePrivate } from '../../threads/describe-private.ts'
import { describeShared, describeThread } from '../../threads/describe-thread.ts'
import { letGo } from '../../threads/let-go.ts'
import { checkFolder, refuseTakenName, startThread } from '../../threads/new-thread.ts'
import type { Handler } from '../handler.ts'

export const onOpen: Handler<'share/open'> = async (core, params, peer) => {
  const { directory, finder, gateway, notifications, ledger } = core
  const { threadId, name: given, cwd, submitted = [] } = params
  const name = given === undefined ? undefined : threadName(given)
  if (name !== undefined)
    refuseTakenName(name, ledger.threads.listOpen(), threadId === undefined ? undefined : finder.findShared(threadId))
  if (cwd !== undefined) checkFolder(cwd)
  if (threadId === undefined) {
    const started = await startThread(core, { name, cwd })
    return { thread: describeThread(core, started), opened: 'new' }
  }
  const { threadId: found, opened } = await notifications.withEarlier(submitted, peer.author, () =>
    directory.resolve(threadId),
  )
  const { name: before } = describeThread(core, found)
  if (name === undefined || name === before) return { thread: describeThread(core, found), opened }
  await gateway.untilSent(async () => {
    const link = await directory.claim(found)
    await link.request('thread/name/set', { threadId: found, name })
  })
  notifications.recordName(found, name)
  return { thread: describeThread(core, found), opened, ...(before !== null && { renamedFrom: before }) }
}

export const onClose: Handler<'share/close'> = (core, { threadId }) => {
  const { directory, slots, ledger, recorder, queues } = core
  if (!directory.isShared(threadId)) throw new ShareError('notFound', `thread ${threadId} is not shared`)
  const active = slots.active(threadId)
  if (active) throw busyError(active, { hint: 'Wait for the turn to end, or end it with `codex-share interrupt`.' })
  const unsent = recorder.writeNow(() => {
    ledger.threads.close(threadId)
    return queues.clear(threadId)
  })
  letGo(core, threadId)
  return { unsent }
}

export const onList: Handler<'share/list'> = async (core, { all }) => ({
  threads: describeShared(core),
  ...(all && { unshared: await describePrivate(core) }),
})

export const onResolve: Handler<'share/resolve'> = async (core, { thread, open, stopped }, { identity }) => {
  const { directory } = core
  // A person who only reads may still open a thread for it; what only may read, because of what it is, shares nothing.
  const isOwn = identity.kind === 'own'
  const options = { mayOpen: isOwn && (open ?? true) }
  const toRead = isOwn && stopped === true
  const { threadId, opened } = await (toRead
    ? directory.resolveToRead(thread, options)
    : directory.resolve(thread, options))
  return { thread: describeThread(core, threadId), opened }
}
