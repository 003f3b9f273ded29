/** The context that all effects of the UI share: the state, the thread that is open, and how to reach the daemon and Codex. */

import type { Endpoint } from '../../client/connection/endpoint.ts'
import { DaemonLink } from '../../client/daemon-link.ts'
import type { CodexCommand } from '../../codex/binary/npm-launcher.ts'
import type { ThreadSession } from '../session/thread-session.ts'
import type { UiStore } from '../state/store.ts'
import { explainFailure } from './explain-failure.ts'

interface UiContextOptions {
  readonly store: UiStore
  readonly endpoint: Endpoint
  /** How the person is shown to the others. */
  readonly label: string
  readonly readOnly: boolean
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** @throws ShareError `unavailable` when there is no Codex */
  readonly findCodex: () => Promise<CodexCommand>
}

export interface UiContext extends UiContextOptions {
  /** The thread that is on the screen. */
  current: ThreadSession | undefined
  /** Gives up waiting for another turn to end. */
  waiting: AbortController | undefined
  /** Gives up what is being done, where that can be given up. */
  doing: AbortController | undefined
}

export function makeUiContext(options: UiContextOptions): UiContext {
  return { ...options, current: undefined, waiting: undefined, doing: undefined }
}

/** A connection to the daemon of its own for each shared thread: it is tried for ever once it stood, and goes with the thread. */
export function openLink(
  { endpoint, label, readOnly }: UiContext,
  { signal, toAct }: { readonly signal?: AbortSignal; readonly toAct?: string } = {},
): DaemonLink {
  return new DaemonLink({
    endpoint,
    identity: { kind: 'ui', label, readOnly },
    notice: () => {},
    reconnectMs: Number.POSITIVE_INFINITY,
    ...(signal ? { signal } : {}),
    ...(toAct === undefined ? {} : { toAct }),
  })
}

/** One passing line above the composer. */
export function showHint({ store }: UiContext, text: string): void {
  store.dispatch({ type: 'hint', hint: text })
}

/** Shows what went wrong and what to do, where it stays readable. `what` begins the sentence, as in "not shared". */
export function showFailure({ store }: UiContext, what: string, error: unknown): void {
  const { message, hint } = explainFailure(error)
  const text = `✖ ${what}: ${message}${hint === '' ? '' : `\n  ${hint}`}`
  store.dispatch({ type: 'say', blocks: [{ kind: 'notice', look: 'bad', text }] })
}

/** Says that something is being done for as long as it takes. */
export async function whileDoing<T>({ store }: UiContext, doing: string, work: () => Promise<T>): Promise<T> {
  store.dispatch({ type: 'doing', doing })
  try {
    return await work()
  } finally {
    store.dispatch({ type: 'doing', doing: null })
  }
}

/** The same for what may take long and can be given up: `stop` aborts the work. */
export function whileTrying<T>(ui: UiContext, doing: string, work: (stop: AbortController) => Promise<T>): Promise<T> {
  const stop = new AbortController()
  ui.doing = stop
  return whileDoing(ui, `${doing} (Esc: give up)`, () => work(stop)).finally(() => {
    ui.doing = undefined
  })
}
