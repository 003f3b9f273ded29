/** What the daemon does with the few messages of a stock client's that it does not simply pass on. */
import { isAbsolute } from 'node:path'
import { UpstreamError } from '../../codex/upstream-error.ts'
import { ShareError } from '../../protocol/errors.ts'
import { callerFolder } from '../identity/caller-folder.ts'
import type { SubmitWay } from '../submit-turn.ts'
import { type Submitter, withoutLoosening } from '../submitter.ts'
import { type Loose, objectIn, textIn } from '../thread-facts.ts'
import { warningFrame } from './client-frames.ts'
import { parseObject } from './peek-frame.ts'
import { notSteerable, restarting, stockError } from './stock-errors.ts'
import type { ClientRequest, StockSession } from './stock-session.ts'

type Rule = (session: StockSession, request: ClientRequest) => void | Promise<void>

/** Rules by method; what is not here is passed on as it is. A rule's promise ends when the next message may be taken. */
export const stockRules: Readonly<Record<string, Rule>> = {
  'hooks/list': noteFolder,
  'thread/start': startThread,
  'thread/fork': (session, request) => openThread(session, request, { isNew: true }),
  'thread/resume': resumeThread,
  'thread/settings/update': changeSettings,
  'turn/settings/update': changeSettings,
  'thread/unsubscribe': closeThread,
  'turn/start': startTurn,
  'turn/steer': steerTurn,
  'turn/interrupt': interruptTurn,
  'review/start': startOtherTurn,
  'thread/compact/start': startOtherTurn,
}

/** Admission: the same slot as for everyone. The prompt goes to Codex on the client's own link, as it came. */
async function startTurn(session: StockSession, request: ClientRequest): Promise<void> {
  const { core, author, threads } = session
  const thread = threads.get(textIn(request.params, 'threadId'))
  if (thread?.isHelper) return session.pass(request)
  const { promise: handedOn, resolve: onHandedOn } = Promise.withResolvers<void>()
  let isAnswered = false
  const way: SubmitWay = {
    unstored: thread?.isUnstored ? { id: thread.threadId, ...thread.facts } : undefined,
    untilLinked: () => session.untilLinked(),
    send: (params) =>
      new Promise((resolve, reject) => {
        const onReply = (data: Buffer) => {
          isAnswered = true
          const reply = parseObject(data) ?? {}
          if (objectIn(reply, 'error')) reject(upstreamError(reply))
          else resolve(reply.result)
        }
        const onLost = () => reject(lost())
        session.pass(request, { onReply, onLost }, isSame(params, request.params) ? undefined : params)
        onHandedOn()
      }),
  }
  core.submitTurn
    .submit(request.params, submitterOf(session), way)
    .then(
      ({ turn }) => {
        if (thread) thread.ownTurnId = turn.id
        if (!isAnswered) session.reply(request, { turn: { ...bareTurn, rootTurnId: turn.id, ...turn } })
      },
      (error: unknown) => {
        if (isAnswered) return
        core.log.info({ err: error, client: author.label }, 'a prompt was refused')
        session.refuse(request, stockError(error))
      },
    )
    .finally(onHandedOn)
    .catch(session.guard.failed)
  await handedOn
}

/** Steering somebody else's turn would cut their answer short. Whose it is goes by the turn and not by the name: names come again. */
function steerTurn(session: StockSession, request: ClientRequest): void {
  const { core, threads } = session
  const threadId = textIn(request.params, 'threadId')
  const thread = threads.get(threadId)
  const active = threadId === null || thread?.isHelper ? null : core.slots.active(threadId)
  if (!active || (active.turnId !== null && active.turnId === thread?.ownTurnId)) session.pass(request)
  else session.refuse(request, notSteerable(active))
}

function interruptTurn(session: StockSession, request: ClientRequest): void {
  const { core, author } = session
  const threadId = textIn(request.params, 'threadId')
  if (threadId !== null && core.finder.isShared(threadId)) core.notifications.interruptedBy(threadId, author)
  session.pass(request)
}

/** A review or a compaction is a turn too. It takes the slot when Codex tells of it. */
function startOtherTurn(session: StockSession, request: ClientRequest): void {
  const threadId = textIn(request.params, 'threadId')
  const active = threadId === null ? null : session.core.slots.active(threadId)
  if (active) session.refuse(request, notSteerable(active))
  else session.pass(request)
}

/** The UI asks for the hooks of the folder it runs in before it starts a thread. */
function noteFolder(session: StockSession, request: ClientRequest): void {
  const { cwds } = request.params
  const [folder] = Array.isArray(cwds) ? cwds : []
  if (typeof folder === 'string' && isAbsolute(folder)) session.folder ??= folder
  session.pass(request)
}

/**
 * With `--remote` a client leaves the folder of a new thread open, for a server that may be on another machine. Ours is on the same one:
 * the thread works where the client runs.
 */
function startThread(session: StockSession, request: ClientRequest): void {
  const { params } = request
  const needsFolder = params.cwd === null || params.cwd === undefined
  const folder = needsFolder ? (session.folder ?? callerFolder(session.identity, session.core.places)) : undefined
  openThread(session, request, { isNew: true, params: folder === undefined ? undefined : { ...params, cwd: folder } })
}

/** A thread that is not loaded takes its settings from here. One may be named by its file as well, so that its id says nothing. */
async function resumeThread(session: StockSession, request: ClientRequest): Promise<void> {
  const { core } = session
  const { params } = request
  const threadId = textIn(params, 'threadId') ?? ''
  const isNamedOtherwise = Boolean(params.path) || Boolean(params.history)
  if (!isNamedOtherwise && !core.finder.isShared(threadId)) return openThread(session, request, { isNew: false })
  const submitter = submitterOf(session)
  const tight = await withoutLoosening(core.threadSettings, threadId, params, submitter)
  core.threadSettings.expect(threadId, tight, submitter.author)
  openThread(session, request, { isNew: false, params: tight === params ? undefined : tight })
}

async function changeSettings(session: StockSession, request: ClientRequest): Promise<void> {
  const { core, author, identity } = session
  const threadId = textIn(request.params, 'threadId')
  if (threadId === null || !core.finder.isShared(threadId)) return session.pass(request)
  try {
    await withoutLoosening(core.threadSettings, threadId, request.params, { author, identity })
    core.threadSettings.expect(threadId, request.params, author)
    session.pass(request)
  } catch (error) {
    session.refuse(request, stockError(error))
  }
}

interface OpenOptions {
  /** Nothing was said in it yet. */
  readonly isNew: boolean
  /** Other parameters than the client's. */
  readonly params?: Loose | undefined
}

function openThread(session: StockSession, request: ClientRequest, { isNew, params }: OpenOptions): void {
  const onReply = (data: Buffer) => {
    const result = objectIn(parseObject(data) ?? {}, 'result')
    const thread = result && session.threads.opened(result, { isNew })
    if (thread) session.joint.opened(thread)
    if (!thread || !session.core.finder.isShared(thread.threadId)) return
    session.present(thread, 'joined')
    const { finder, log } = session.core
    finder.claim(thread.threadId).catch((error: unknown) => log.warn({ err: error, ...thread }, 'thread not followed'))
  }
  session.pass(request, { onReply }, params)
}

function closeThread(session: StockSession, request: ClientRequest): void {
  const threadId = textIn(request.params, 'threadId') ?? ''
  const close = () => {
    session.joint.closed(threadId)
    const thread = session.threads.closed(threadId)
    if (thread) session.present(thread, 'left')
  }
  if (session.joint.isOwn(threadId)) {
    session.pass(request, { onReply: close })
    return
  }
  const onReply = () => {
    close()
    // Codex says that its own link is not subscribed, which is no news of the client's.
    session.reply(request, { status: 'unsubscribed' })
  }
  session.pass(request, { isOurs: true, onReply, onLost: () => session.refuse(request, restarting()) })
}

/** A turn that is known only by its id, in the form of Codex's reply. */
const bareTurn = {
  items: [],
  itemsView: 'notLoaded',
  status: 'inProgress',
  error: null,
  startedAt: null,
  completedAt: null,
  durationMs: null,
}

/** Where the daemon has neither given a prompt an id nor left anything out, the message is passed on byte for byte. */
function isSame(params: Loose, original: Loose): boolean {
  return Object.entries(params).every(([name, value]) => value === original[name])
}

/** What would loosen the thread for others is left out of a prompt, and said in a form that every stock client shows. */
function submitterOf(session: StockSession): Submitter {
  const { author, identity, core } = session
  return {
    author,
    identity,
    onLeftOut: (threadId, what) => {
      core.log.info({ client: author.label, threadId, what }, 'settings that loosen were left out')
      const reason = 'only a person at a terminal loosens the settings of a shared thread.'
      session.tell(warningFrame(threadId, `codex-share left out ${what}: ${reason}`))
    },
  }
}

function upstreamError(reply: Loose): UpstreamError {
  const error = objectIn(reply, 'error')
  const code = typeof error?.code === 'number' ? error.code : -32603
  return new UpstreamError({ code, message: textIn(error, 'message') ?? 'Codex refused.', data: error?.data })
}

function lost(): ShareError {
  return new ShareError('connectionLost', 'the Codex app-server ended before it answered', { facts: { sent: true } })
}
