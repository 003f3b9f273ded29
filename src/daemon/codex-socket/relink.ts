/** Takes a stock client over to the next app-server, so that it need not notice more than an interrupted turn. */
import { setTimeout as delay } from 'node:timers/promises'
import { awakeMs } from '../../platform/time/awake-clock.ts'
import { ShareError } from '../../protocol/errors.ts'
import type { JsonObject } from '../../protocol/json/read-json.ts'
import type { ClientThread } from './client-threads.ts'
import { lostTurnFrames } from './frames/client-frames.ts'
import type { ClientRequest, StockSession } from './stock-session.ts'

/** A client whose link can be opened anew. */
export interface Relinkable extends Pick<StockSession, 'core' | 'author' | 'threads' | 'handovers'> {
  /** It has left. */
  readonly isOver: boolean
  /** Which run of the app-server its link is, or was, to. */
  readonly instance: string | undefined
  /** Its own `initialize`. */
  readonly hello: ClientRequest | undefined
  /** Opens the link that everything goes over from now on. */
  dial(): Promise<void>
  /** Asks something on the daemon's own account; `id` is the id's JSON text. Throws ShareError `connectionLost`. */
  ask(id: string, method: string, params: JsonObject): Promise<JsonObject>
  onInitialized(): void
  /** Writes to the client what did not come from Codex. */
  tell(frame: string): void
}

/** How long a client is kept waiting without an app-server. */
const patienceMs = 60_000

/**
 * Opens a new link, says the client's own `initialize` on it, resumes its threads, and tells the client what was lost.
 *
 * @throws ShareError `unavailable` when no app-server comes, or when the old one still runs and has cut this client alone, which then
 * has to come anew: what it missed cannot be made up for here.
 */
export async function relink(client: Relinkable, reason: string): Promise<void> {
  const deadline = awakeMs() + patienceMs
  const { instance } = client
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

/** The daemon's own link tells, after one question: it may not have noticed yet that its app-server has gone. */
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
  const { hello, threads, core } = client
  await client.dial()
  if (!hello) return
  await client.ask(hello.id, 'initialize', hello.params)
  client.onInitialized()
  threads.dropHelpers()
  const open = threads.list()
  await Promise.all(open.map((thread) => resume(client, thread)))
  for (const thread of open) {
    if (thread.turnId !== null) for (const frame of lostTurnFrames(thread.threadId, thread.turnId)) client.tell(frame)
    thread.turnId = null
  }
  core.log.info({ client: client.author.label, threads: open.length }, 'a stock Codex goes on with the new app-server')
}

async function resume(client: Relinkable, thread: ClientThread): Promise<void> {
  const { threadId } = thread
  const id = JSON.stringify(`codex-share-resume-${threadId}`)
  const reply: JsonObject = await client.ask(id, 'thread/resume', { threadId, excludeTurns: true })
  if ('error' in reply) client.core.log.warn({ threadId, error: reply.error }, 'a thread was not resumed')
  else client.handovers.onOpened(thread)
}
