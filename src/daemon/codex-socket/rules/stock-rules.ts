/** The rules for the few messages of a stock client's that are not simply passed on. */

import { isAbsolute } from 'node:path'
import { type JsonObject, objectIn, textIn } from '../../../protocol/json/read-json.ts'
import { withSessionEnvironment } from '../../adoption/session-environment.ts'
import type { RequestEffect } from '../../gate/method-effects.ts'
import { callerFolder } from '../../peers/caller-folder.ts'
import { withoutLoosening } from '../../peers/submitter.ts'
import type { ClientRequest } from '../frames/client-frames.ts'
import { messageIn } from '../frames/peek-frame.ts'
import type { StockSession } from '../stock-session.ts'
import { restarting, stockError } from './stock-errors.ts'
import { answerStockQueue } from './stock-queue.ts'
import { submitterOf } from './stock-submitter.ts'
import { onThreadRevert, onTurnBegin, onTurnInterrupt, onTurnStart, onTurnSteer } from './stock-turns.ts'

type Rule = (session: StockSession, request: ClientRequest) => void | Promise<void>

/** By what a request does; any other is passed on as it is. A rule's promise settles when the next message may be taken. */
export const stockRules: Readonly<Record<RequestEffect, Rule>> = {
  introduces: introduce,
  tellsFolder: noteFolder,
  startsThread: startThread,
  forksThread: forkThread,
  resumesThread: resumeThread,
  closesThread: closeThread,
  archivesThread: (session, request) => session.server.pass(request),
  changesSettings: changeSettings,
  prompts: onTurnStart,
  begins: (session, request) => onTurnBegin(session, request, 'begins'),
  beginsOrJoins: (session, request) => onTurnBegin(session, request, 'beginsOrJoins'),
  reverts: onThreadRevert,
  steers: onTurnSteer,
  interrupts: onTurnInterrupt,
  queues: answerStockQueue,
}

/** Where the link ends before the answer it is for the next app-server: a plain `codex` takes an error for a server that is of no use. */
function introduce(session: StockSession, request: ClientRequest): void {
  const { introduction, server, guard } = session
  introduction.onInitialize(request)
  const onReply = () => introduction.onAnswered()
  // Not at once: the link is still being given up.
  const onLost = () => void setImmediate(() => session.isOver || guard.run(pass))
  const pass = () => server.pass(request, { onReply, onLost })
  pass()
}

/** The UI asks for the hooks of the folder it runs in before it starts a thread. */
function noteFolder(session: StockSession, request: ClientRequest): void {
  const { cwds } = request.params
  const [folder] = Array.isArray(cwds) ? cwds : []
  if (typeof folder === 'string' && isAbsolute(folder)) session.introduction.noteFolder(folder)
  session.server.pass(request)
}

/**
 * With `--remote` a client leaves the folder of a new thread open, for a server that may be on another machine. Ours is on the same one:
 * the thread works where the client runs.
 */
async function startThread(session: StockSession, request: ClientRequest): Promise<void> {
  const { params } = request
  const needsFolder = params.cwd === null || params.cwd === undefined
  const folder = needsFolder
    ? (session.introduction.folder ?? (await callerFolder(session.identity, session.core.places)))
    : undefined
  const asked = folder === undefined ? params : { ...params, cwd: folder }
  openThread(session, request, { isNew: true, params: await withItsEnvironment(session, asked) })
}

async function forkThread(session: StockSession, request: ClientRequest): Promise<void> {
  openThread(session, request, { isNew: true, params: await withItsEnvironment(session, request.params) })
}

/** With a server of its own a plain `codex` has the environment of its shell. */
function withItsEnvironment(session: StockSession, params: JsonObject): JsonObject | Promise<JsonObject> {
  return session.isAdopted ? withSessionEnvironment(session.core, session.identity, params) : params
}

/** A thread that is not loaded takes its settings from here. One may be named by its file as well, so that its id says nothing. */
async function resumeThread(session: StockSession, request: ClientRequest): Promise<void> {
  const { core } = session
  const { params } = request
  const threadId = textIn(params, 'threadId') ?? ''
  const isNamedOtherwise = Boolean(params.path) || Boolean(params.history)
  if (!isNamedOtherwise && !core.directory.isShared(threadId))
    return openThread(session, request, { isNew: false, params: await withItsEnvironment(session, params) })
  const submitter = submitterOf(session)
  const tight = await withoutLoosening(core.threadSettings, threadId, params, submitter)
  core.threadSettings.expect(threadId, tight, submitter.author)
  openThread(session, request, { isNew: false, params: tight })
}

async function changeSettings(session: StockSession, request: ClientRequest): Promise<void> {
  const { core, author, identity } = session
  const threadId = textIn(request.params, 'threadId')
  if (threadId === null || !core.directory.isShared(threadId)) return session.server.pass(request)
  try {
    await withoutLoosening(core.threadSettings, threadId, request.params, { author, identity })
    core.threadSettings.expect(threadId, request.params, author)
    session.server.pass(request)
  } catch (error) {
    session.client.refuse(request, stockError(error))
  }
}

interface OpenOptions {
  /** Nothing was said in it yet. */
  readonly isNew: boolean
  /** The client's, or others in their place. */
  readonly params: JsonObject
}

function openThread(session: StockSession, request: ClientRequest, { isNew, params }: OpenOptions): void {
  const onReply = (data: Buffer) => {
    const result = objectIn(messageIn(data), 'result')
    const thread = result && session.threads.add(result, { isNew })
    if (!thread) return
    session.handovers.onOpened(thread)
    session.announce(thread, 'joined')
    const { directory, log } = session.core
    if (!directory.isShared(thread.threadId)) return
    directory
      .claim(thread.threadId)
      .catch((error: unknown) => log.warn({ err: error, ...thread }, 'thread not followed'))
  }
  session.server.pass(request, { onReply }, params === request.params ? undefined : params)
}

function closeThread(session: StockSession, request: ClientRequest): void {
  const threadId = textIn(request.params, 'threadId') ?? ''
  const close = () => {
    session.handovers.onClosed(threadId)
    const thread = session.threads.remove(threadId)
    if (thread) session.announce(thread, 'left')
  }
  if (session.handovers.isOwn(threadId)) {
    session.server.pass(request, { onReply: close })
    return
  }
  const onReply = () => {
    close()
    // Codex says that its own link is not subscribed, which is no news of the client's.
    session.client.reply(request, { status: 'unsubscribed' })
  }
  session.server.pass(request, { isOurs: true, onReply, onLost: () => session.client.refuse(request, restarting()) })
}
