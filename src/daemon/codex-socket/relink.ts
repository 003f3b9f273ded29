/** Takes a stock client over to the next app-server, so that it need not notice more than an interrupted turn. */
import { setTimeout as delay } from 'node:timers/promises'
import { awakeMs } from '../../platform/time/awake-clock.ts'
import { ShareError } from '../../protocol/errors.ts'
import type { JsonObject } from '../../protocol/json/read-json.ts'
import type { ClientIntroduction } from './client-introduction.ts'
import type { ClientThread } from './client-threads.ts'
import { lostTurnFrames } from './frames/client-frames.ts'
import type { ServerSide } from './server-side.ts'
import type { LinkHandovers } from './shared-link/link-handovers.ts'
import type { ClientAnswers, StockSession } from './stock-session.ts'

type Session = Pick<StockSession, 'core' | 'author' | 'threads'>

/** A client whose link can be opened again. */
export interface Relinkable extends Session {
  /** It has left. */
  readonly isOver: boolean
  readonly introduction: Pick<ClientIntroduction, 'hello' | 'isAnswered'>
  readonly handovers: Pick<LinkHandovers, 'onOpened' | 'reset'>
  readonly client: Pick<ClientAnswers, 'send'>
  readonly server: Pick<ServerSide, 'instance' | 'dial' | 'ask' | 'send'>
}

/** A client's message once its `initialize` was answered. */
export const initialized = '{"method":"initialized"}'

/** How long a client is kept waiting without an app-server. */
const patienceMs = 60_000

/**
 * Opens a new link, says the client's own `initialize` on it, resumes its threads, and ends the turns that were lost.
 *
 * @throws ShareError `unavailable` when no app-server comes, or when the old one still runs and has cut this client alone, which then
 * has to connect again: what it missed cannot be made up for here.
 */
export async function relink(client: Relinkable, reason: string): Promise<void> {
  const deadline = awakeMs() + patienceMs
  const { instance } = client.server
  for (;;) {
    try {
      await untilAppServerAnswers(client, deadline)
      if (client.isOver) return
      if (instance === client.core.supervisor.info?.instance)
        throw new ShareError('unavailable', `the app-server ended this connection: ${reason}`)
      return await takeOver(client)
    } catch (error) {
      // The new one died as well: then it is for the next.
      if (!(error instanceof ShareError) || error.errorName !== 'connectionLost') throw error
    }
  }
}

/** Asks over the daemon's own link, which may not have noticed yet that its app-server has gone. */
async function untilAppServerAnswers(client: Relinkable, deadline: number): Promise<void> {
  for (let problem: unknown; !client.isOver; ) {
    if (awakeMs() > deadline) throw problem
    try {
      const link = await client.core.gateway.link()
      await link.forward('account/read', {}, { timeoutMs: 5000 })
      return
    } catch (error) {
      problem = error
      await delay(50)
    }
  }
}

async function takeOver(client: Relinkable): Promise<void> {
  const { introduction, handovers, threads, server, core } = client
  handovers.reset()
  await server.dial()
  const { hello, isAnswered } = introduction
  // Where it was not answered it is passed on again by itself.
  if (!hello || !isAnswered) return
  await server.ask(hello.id, 'initialize', hello.params)
  server.send(initialized)
  threads.dropHelpers()
  const open = threads.list()
  await Promise.all(open.map((thread) => resume(client, thread)))
  for (const thread of open) {
    const lost = core.privateThreads.turnIn(thread.threadId)
    if (lost) core.privateThreads.onTurnEnded(thread.threadId, lost.turnId)
    if (thread.turnId !== null)
      for (const frame of lostTurnFrames(thread.threadId, thread.turnId)) client.client.send(frame)
    thread.turnId = null
  }
  core.log.info({ client: client.author.label, threads: open.length }, 'a stock Codex goes on with the new app-server')
}

async function resume(client: Relinkable, thread: ClientThread): Promise<void> {
  const { threadId } = thread
  const id = JSON.stringify(`codex-share-resume-${threadId}`)
  const reply: JsonObject = await client.server.ask(id, 'thread/resume', { threadId, excludeTurns: true })
  if ('error' in reply) client.core.log.warn({ threadId, error: reply.error }, 'a thread was not resumed')
  else client.handovers.onOpened(thread)
}
