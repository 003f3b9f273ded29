/** A private thread on an app-server of its own: its notifications become events like those of a shared one, with ids counted here. */

import { promptInput } from '../../client/submitting/prompt-input.ts'
import type { CodexCommand } from '../../codex/binary/npm-launcher.ts'
import { AppServerHealth } from '../../codex/link/app-server-health.ts'
import type { AppServerLink } from '../../codex/link/initialize-app-server.ts'
import { startStdioAppServer } from '../../codex/process/stdio-app-server.ts'
import { ShareError } from '../../protocol/errors.ts'
import { textOf } from '../../protocol/json/read-json.ts'
import { programVersion } from '../../protocol/version.ts'
import { localEndpoint, type Session } from '../state/session.ts'
import type { UiStore } from '../state/store.ts'
import { LocalReporter } from './local-reporter.ts'
import type { Prompt, ThreadSession } from './thread-session.ts'
import { untilIdle } from './until-idle.ts'

export type LocalStart =
  /** With `silent` it takes the place of one that is on the screen already. */
  | { readonly kind: 'new'; readonly silent?: boolean }
  /** Goes on with a stored thread. With `silent` what is in it is on the screen already. */
  | { readonly kind: 'resume'; readonly threadId: string; readonly silent: boolean }
  /** Goes on with a copy: what is in the thread is on the screen already. */
  | { readonly kind: 'fork'; readonly threadId: string }

interface LocalSessionOptions {
  readonly store: UiStore
  readonly codex: CodexCommand
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
  /** The person, as their own prompts are signed. */
  readonly label: string
  readonly start: LocalStart
}

export interface LocalSession extends ThreadSession {
  /** What Codex said of the thread, for the footer and the head of the session. */
  readonly facts: Partial<Session>
  /** Whether the thread has turns before those that are reported first. */
  readonly hasEarlier: boolean
  /** Resolves once it is known what hinders Codex, if anything does. */
  readonly examined: Promise<void>
  /** Begins to report: the newest turns of a stored thread first, then what came since. */
  report(): void
}

/** @throws ShareError `unavailable` when the app-server does not start; what Codex answers, such as an active writer */
export async function openLocalSession(options: LocalSessionOptions): Promise<LocalSession> {
  const { store, codex, env, cwd, start } = options
  const reporter = new LocalReporter(options)
  const health = new AppServerHealth('send your prompt again')
  const server = await startStdioAppServer({
    codex,
    env,
    cwd,
    client: { name: 'codex-share', version: programVersion },
    onNotification: (notification) => {
      health.take(notification)
      reporter.onNotification(notification)
    },
    onRequest: (request) => reporter.onRequest(request, server.link),
  })
  const examined = health.readAccount(server.link)
  try {
    const opened = await openThread(server.link, cwd, start)
    const { thread } = opened
    reporter.threadId = thread.id
    const hasEarlier = start.kind === 'resume' && !start.silent && (await reporter.loadRecent(server.link))
    let stored = start.kind !== 'new'
    let closing = false
    void server.ended.then((how) => {
      if (!closing) reporter.onLinkLost(`the private Codex app-server ${how}`)
    })
    return {
      mode: 'LOCAL',
      threadId: thread.id,
      get isStored() {
        return stored
      },
      get hindrance() {
        return health.hindrance
      },
      examined,
      facts: {
        mode: 'LOCAL',
        threadId: thread.id,
        threadName: thread.name,
        endpoint: localEndpoint,
        model: opened.model,
        cwd: opened.cwd,
        approvals: textOf(opened.approvalPolicy) || 'as configured',
        connection: { state: 'open' },
      },
      hasEarlier,
      report: () => reporter.start(),
      submit: async (prompt) => {
        await examined
        if (health.hindrance !== null) throw new ShareError('unavailable', health.hindrance, { hint: '' })
        const turn = await submitLocally(server.link, thread.id, prompt, store)
        if (turn) reporter.onTurnAccepted(turn)
        stored = true
      },
      interrupt: async () => {
        const turnId = store.state.session.turn?.turnId
        if (turnId) await server.link.request('turn/interrupt', { threadId: thread.id, turnId })
      },
      readHistory: (signal) => reporter.readHistory(server.link, signal),
      answer: async (requestId, answer) => server.link.respond(requestId, answer),
      close: async () => {
        closing = true
        reporter.end()
        await server.stop()
      },
    }
  } catch (error) {
    await server.stop()
    throw error
  }
}

async function openThread(link: AppServerLink, cwd: string, start: LocalStart) {
  switch (start.kind) {
    case 'new':
      return await link.request('thread/start', { cwd })
    case 'resume':
      return await link.request('thread/resume', { threadId: start.threadId, excludeTurns: true })
    case 'fork':
      return await link.request('thread/fork', { threadId: start.threadId, excludeTurns: true, cwd })
  }
}

/** Codex itself would quietly merge a prompt into the running turn, so that one is refused here as the daemon does. */
async function submitLocally(link: AppServerLink, threadId: string, prompt: Prompt, store: UiStore) {
  const params = promptInput({ threadId, requestId: prompt.requestId, prompt: prompt.text })
  for (;;) {
    const { turn } = store.state.session
    if (turn && prompt.ifTurnRuns === 'refuse') throw localBusy(threadId, turn.turnId, turn.startedAtMs)
    if (turn?.turnId && prompt.ifTurnRuns === 'steer') {
      await link.request('turn/steer', { ...params, expectedTurnId: turn.turnId })
      return undefined
    }
    if (!turn) break
    await untilIdle(store, prompt.signal)
  }
  return (await link.request('turn/start', params)).turn.id
}

function localBusy(threadId: string, turnId: string | null, startedAtMs: number): ShareError {
  const facts = { threadId, turnId, startedAt: new Date(startedAtMs).toISOString(), by: null, waitingOnApproval: false }
  return new ShareError('busy', 'a turn is running', { facts })
}
