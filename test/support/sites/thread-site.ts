/** The daemon's threads as it builds them, on a real ledger in a temporary folder, over links that answer from a table. No process. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { AppServerLink } from '../../../src/codex/link/app-server-link.ts'
import { UpstreamError } from '../../../src/codex/link/upstream-error.ts'
import type { Supervisor } from '../../../src/codex/supervision/app-server-supervisor.ts'
import { Peers } from '../../../src/daemon/peers/peers.ts'
import { Feed } from '../../../src/daemon/publishing/feed.ts'
import { Recorder } from '../../../src/daemon/publishing/recorder.ts'
import { buildThreads } from '../../../src/daemon/start/build-threads.ts'
import { LateListener } from '../../../src/daemon/start/late-listener.ts'
import type { Storage } from '../../../src/daemon/start/open-storage.ts'
import { openLedger } from '../../../src/ledger/ledger.ts'
import { readSettings } from '../../../src/platform/settings/settings.ts'

export const silentLog = pino({ level: 'silent' })

/** What a method answers: a value, or what a function makes of the parameters. An error is thrown. */
export type Answers = Readonly<Record<string, unknown>>

export interface TableLink extends AppServerLink {
  /** The requests so far, as `method threadId`. */
  readonly asked: string[]
}

/** A method without an answer is refused, as by a Codex that does not know it. */
export function linkOf(answers: Answers): TableLink {
  const asked: string[] = []
  const request = async (method: string, params: { readonly threadId?: string } = {}) => {
    asked.push([method, params.threadId].filter(Boolean).join(' '))
    const answer = answers[method]
    const given = typeof answer === 'function' ? await answer(params) : answer
    if (given === undefined) throw refusal(`unknown method ${method}`)
    if (given instanceof Error) throw given
    return given
  }
  return { asked, request, forward: request, respond: () => {} } as unknown as TableLink
}

export function refusal(message: string): UpstreamError {
  return new UpstreamError({ code: -32600, message })
}

/** A thread as Codex describes it. */
export function threadOf(id: string, more: object = {}) {
  return { id, name: null, cwd: '/', preview: '', status: { type: 'idle' }, ...more }
}

/** A turn as Codex stores it, with one answer. */
export function turnOf(id: string, status = 'completed', more: object = {}) {
  const isOver = status !== 'inProgress'
  const text = { type: 'agentMessage', id: `${id}-item`, text: 'said', phase: null }
  return {
    id,
    rootTurnId: id,
    items: [{ ...text, startedAtMs: 1, completedAtMs: 2 }],
    itemsView: 'full',
    status,
    error: null,
    startedAt: 1,
    completedAt: isOver ? 2 : null,
    durationMs: isOver ? 1000 : null,
    ...more,
  }
}

/** What opening a thread asks Codex for, of one that has these turns. */
export function openable(thread: ReturnType<typeof threadOf>, turns: readonly unknown[] = []): Answers {
  return {
    'thread/resume': { thread },
    'thread/read': { thread },
    'thread/turns/list': { data: turns.toReversed(), nextCursor: null },
    'thread/list': { data: [] },
  }
}

/** A ledger with its recorder. */
export function openTestStorage(): Storage & { close(): void } {
  const dir = mkdtempSync(join(tmpdir(), 'codex-share-threads-'))
  const ledger = openLedger(join(dir, 'ledger.db'))
  const [feed, peers] = [new Feed(ledger.events, 1000), new Peers()]
  const missed = new LateListener<ReadonlySet<string>>()
  const recorder = new Recorder({ ledger, log: silentLog, publish: () => {}, onMissed: missed.call })
  const settings = readSettings(join(dir, 'settings.json'))
  return {
    ...{ ledger, recorder, feed, peers, missed, settings },
    exposure: {} as Storage['exposure'],
    close: () => {
      recorder.close()
      ledger.close()
      rmSync(dir, { recursive: true })
    },
  }
}

/** All threads of a daemon that is linked to `link`. */
export async function openThreadSite(link?: AppServerLink) {
  const storage = openTestStorage()
  const { parts, close } = await buildThreads({ log: silentLog, settings: storage.settings }, storage)
  if (link) parts.gateway.start({ link, state: 'ready', failures: 0, hindrance: null } as unknown as Supervisor)
  return {
    ...storage,
    ...parts,
    /** The methods of what is recorded of the thread, with their turns. */
    recorded: (threadId: string) => {
      storage.recorder.flush()
      const events = storage.ledger.events.page(threadId, 0, 1000).map(({ json }) => JSON.parse(json))
      return events.map(({ method, turnId }) => (turnId ? `${method} ${turnId}` : method))
    },
    stop: () => close({ appServer: false }),
    close: async () => {
      await close({ appServer: false })
      storage.close()
    },
  }
}

export type ThreadSite = Awaited<ReturnType<typeof openThreadSite>>

/** Shares a thread without Codex, or has its sharing stopped. */
export function share({ ledger }: Pick<Storage, 'ledger'>, threadId: string, name: string | null, isStopped = false) {
  ledger.threads.open(threadId, { name, cwd: '/', preview: null })
  if (isStopped) ledger.threads.close(threadId)
}
