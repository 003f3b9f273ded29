/** Codex's `thread/queue/*`, answered by the daemon with Codex's own replies, on either socket. */
import * as v from 'valibot'
import type { QueueResults } from '../../codex/decoding/upstream-types.ts'
import type { QueuedRow } from '../../ledger/queue-store.ts'
import { ShareError } from '../../protocol/errors.ts'
import type { Author } from '../../protocol/events.ts'
import type { DaemonCore } from '../core.ts'
import { bareTurn } from '../gate/bare-turn.ts'
import { busyError } from '../gate/outcome.ts'
import type { PeerIdentity } from '../peers/peer-identity.ts'
import { includes, type Right, refusal } from '../peers/rights.ts'
import { asSubmission } from './thread-queues.ts'

type Deps = Pick<DaemonCore, 'directory' | 'threadSync' | 'slots' | 'queues' | 'queueDrain'>

export interface QueueCaller {
  readonly author: Author
  readonly identity: PeerIdentity
  readonly right: Right
}

const defaultPage = 25

const input = v.pipe(
  v.array(v.looseObject({ type: v.string() })),
  v.minLength(1, 'only user input can be added to the user-message queue'),
)
const metadata = v.nullish(v.record(v.string(), v.string()), null)
const threadId = v.string()
const queuedSubmissionId = v.string()
const cursor = v.nullish(
  v.pipe(v.string(), v.regex(/^\d+$/, 'invalid queue pagination cursor'), v.transform(Number)),
  '0',
)
const limit = v.nullish(v.pipe(v.number(), v.integer(), v.minValue(0)), defaultPage)

const schemas = {
  'thread/queue/add': v.object({
    threadId,
    input,
    clientUserMessageId: v.string(),
    responsesapiClientMetadata: metadata,
  }),
  'thread/queue/list': v.object({ threadId, cursor, limit }),
  'thread/queue/update': v.object({ threadId, queuedSubmissionId, input, responsesapiClientMetadata: metadata }),
  'thread/queue/delete': v.object({ threadId, queuedSubmissionId }),
  'thread/queue/reorder': v.object({ threadId, queuedSubmissionIds: v.array(v.string()) }),
  'thread/queue/start': v.object({ threadId, queuedSubmissionId: v.nullish(v.string()) }),
}

type QueueMethod = keyof typeof schemas
type Answer<M extends QueueMethod> = (
  deps: Deps,
  params: v.InferOutput<(typeof schemas)[M]>,
  caller: QueueCaller,
) => QueueResults[M] | Promise<QueueResults[M]>

const answers: { readonly [M in QueueMethod]: Answer<M> } = {
  'thread/queue/add': async (
    deps,
    { threadId, input, clientUserMessageId, responsesapiClientMetadata },
    { author },
  ) => {
    await deps.directory.ensureShared(threadId)
    await requireUnarchived(deps, threadId)
    const prompt = { clientId: clientUserMessageId, input, metadata: responsesapiClientMetadata, by: author }
    const row = deps.queues.add(threadId, prompt)
    deps.queueDrain.look(threadId)
    return { queuedSubmission: asSubmission(row) }
  },
  'thread/queue/list': ({ queues }, { threadId, cursor, limit }) => {
    const rows = queues.list(threadId)
    const end = cursor + Math.max(1, limit)
    return {
      data: rows.slice(cursor, end).map(asSubmission),
      nextCursor: end < rows.length ? String(end) : null,
    }
  },
  'thread/queue/update': (
    { queues, queueDrain },
    { threadId, queuedSubmissionId, input, responsesapiClientMetadata },
    caller,
  ) => {
    const row = queues.get(threadId, queuedSubmissionId)
    requireOwn(row, caller, 'thread/queue/update')
    const isGiven = responsesapiClientMetadata !== null && Object.keys(responsesapiClientMetadata).length > 0
    const metadata = isGiven ? responsesapiClientMetadata : row.metadata
    // The words are whose wrote them last.
    queues.update(threadId, row.id, { input, metadata, by: caller.author })
    queueDrain.lookNow(threadId)
    return { queuedSubmission: asSubmission({ ...row, input, metadata }) }
  },
  'thread/queue/delete': ({ queues, queueDrain }, { threadId, queuedSubmissionId }, caller) => {
    const row = queues.list(threadId).find(({ id }) => id === queuedSubmissionId)
    if (!row) return { deleted: false }
    requireOwn(row, caller, 'thread/queue/delete')
    queues.remove(threadId, row.id, caller.author)
    queueDrain.lookNow(threadId)
    return { deleted: true }
  },
  'thread/queue/reorder': ({ queues }, { threadId, queuedSubmissionIds }, { author }) => {
    const ids = queues.list(threadId).map(({ id }) => id)
    if (ids.length !== queuedSubmissionIds.length || !ids.every((id) => queuedSubmissionIds.includes(id)))
      throw new ShareError('usage', 'queue reorder must include every queued submission exactly once')
    queues.reorder(threadId, queuedSubmissionIds, author)
    return {}
  },
  'thread/queue/start': async ({ queues, slots, queueDrain }, { threadId, queuedSubmissionId }, caller) => {
    const row = queuedSubmissionId ? queues.get(threadId, queuedSubmissionId) : queues.list(threadId)[0]
    if (!row) throw new ShareError('usage', 'queue is empty')
    requireOwn(row, caller, 'thread/queue/start')
    const active = slots.active(threadId)
    if (active) throw busyError(active)
    const { turn } = await queueDrain.submit(threadId, row)
    return { turn: { ...bareTurn, rootTurnId: turn.id, ...turn } } as QueueResults['thread/queue/start']
  },
}

/** What is added to a thread that is not shared shares it, like a prompt. */
const sharing: { readonly [M in QueueMethod]?: true } = { 'thread/queue/add': true }

export function isQueueMethod(method: string): method is QueueMethod {
  return Object.hasOwn(answers, method)
}

/**
 * @throws ShareError `usage`, `notFound`; `denied` for what is another's; `busy`; `unavailable` when the ledger cannot be written
 */
export async function answerQueue<M extends QueueMethod>(
  deps: Deps,
  method: M,
  params: unknown,
  caller: QueueCaller,
): Promise<QueueResults[M]> {
  const checked = v.safeParse(schemas[method], params)
  if (!checked.success) {
    const [issue] = checked.issues
    throw new ShareError('usage', `${method}: ${v.getDotPath(issue) ?? 'params'}: ${issue.message}`)
  }
  const { threadId } = checked.output
  if (!Object.hasOwn(sharing, method) && !deps.directory.isShared(threadId))
    throw new ShareError('notFound', `thread ${threadId} is not shared`)
  // The row that checked the parameters is the one that the answer is typed by.
  return answers[method](deps, checked.output as Parameters<Answer<M>>[1], caller)
}

/** A thread that was put away takes nothing; where only Codex is away, what is queued waits for it. */
async function requireUnarchived({ directory, threadSync }: Deps, threadId: string): Promise<void> {
  if (threadSync.isFollowed(threadId)) return
  await directory.claim(threadId).catch((error: unknown) => {
    if (error instanceof ShareError && error.errorName === 'notFound') throw error
  })
}

function requireOwn({ by }: QueuedRow, { author, identity, right }: QueueCaller, method: QueueMethod): void {
  const isOwn = by?.label === author.label && by.kind === author.kind && by.pid === author.pid
  if (!isOwn && !includes(right, 'full')) throw refusal(identity, `${method} of another’s prompt`)
}
