/** The terminal UI from start to end: puts state, effects and views together and waits until the person leaves. */
import { setFlagsFromString } from 'node:v8'
import { render } from 'ink'
import { createElement } from 'react'
import type { Endpoint } from '../client/connection/endpoint.ts'
import { findCodex } from '../codex/binary/find-codex.ts'
import { readLeftState } from '../platform/state-file.ts'
import { thisSystem } from '../platform/system/this-system.ts'
import { isDoneWithin } from '../platform/time/within.ts'
import { createPaint, type Paint, wantsColour } from '../render/terminal/theme.ts'
import { focusApproval } from './effects/focus-approval.ts'
import { keepState } from './effects/keep-state.ts'
import { editDraft, handOverTerminal, pageThread, type Suspend } from './effects/lend-terminal.ts'
import { type FirstWish, openFirstSession } from './effects/open-first-session.ts'
import { runCommand, type Terminal } from './effects/run-command.ts'
import { makeUiContext } from './effects/ui-context.ts'
import { type Intent, intentsOfKey, intentsOfPaste } from './input/key-map.ts'
import type { KeyPress } from './input/key-press.ts'
import { createStore, type UiStore } from './state/store.ts'
import { startingState } from './state/ui-state.ts'
import type { Highlight } from './theme/highlight-code.ts'
import { App, type AppProps } from './views/app.tsx'

export interface TuiOptions extends FirstWish {
  readonly endpoint: Endpoint
  readonly label: string
  readonly readOnly: boolean
  readonly screenReader: boolean
  readonly stateFile: string
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** The Codex named in the settings. */
  readonly codexSetting: string | undefined
}

/** Frames a second at most: a key is on the screen within this whatever streams in. */
const maxFps = 90
/** Milliseconds for leaving: enough for a private app-server to be ended by force. */
const closeMs = 5000

export async function runTui(options: TuiOptions): Promise<void> {
  // Streaming makes much that lives for a frame or two only: V8 would answer by letting the heap grow, and keep what it grew to.
  setFlagsFromString('--optimize-for-size')
  const { stateFile, env, cwd, readOnly, screenReader } = options
  const [{ left, history }, startToken = ''] = await Promise.all([
    readLeftState(stateFile),
    thisSystem.startTokenOf(process.pid),
  ])
  const { pid } = process
  const store = createStore(startingState({ cwd, readOnly, draft: left?.draft ?? '', history, now: Date.now(), pid }))
  if (left?.submission) store.dispatch({ type: 'recalled', submission: { ...left.submission, state: 'unknown' } })
  const findOwnCodex = () => findCodex({ setting: options.codexSetting, env, packageFrom: import.meta.filename, cwd })
  const ui = makeUiContext({ ...options, store, findCodex: findOwnCodex })
  let app: Parameters<AppProps['onReady']>[0] | undefined
  const suspend: Suspend = async (callback) => app && handOverTerminal(app, process.stdin)(callback)
  const terminal: Terminal = {
    // The last frame is what stays in the terminal.
    quit: () => void instance.waitUntilRenderFlush().then(() => app?.exit()),
    edit: () => editDraft(ui, suspend),
    page: () => pageThread(ui, suspend),
  }
  const carryOut = (intents: readonly Intent[]) => {
    for (const intent of intents) {
      if ('do' in intent) void runCommand(ui, terminal, intent)
      else store.dispatch(intent)
    }
  }
  const paint = createPaint(wantsColour({ isTerminal: process.stdout.isTTY === true, env }))
  let highlight: Highlight | undefined
  const instance = render(
    createElement(App, {
      store,
      paint,
      highlight: () => highlight,
      onKey: (key: KeyPress) => carryOut(intentsOfKey(store.state, key)),
      onPaste: (text: string) => carryOut(intentsOfPaste(store.state, text)),
      onReady: (ready: typeof app) => {
        app = ready
      },
    }),
    {
      exitOnCtrlC: false,
      patchConsole: false,
      incrementalRendering: true,
      interactive: true,
      maxFps,
      isScreenReaderEnabled: screenReader,
      kittyKeyboard: { mode: 'auto' },
    },
  )
  const stopClock = runClock(store)
  const stopFocusing = focusApproval(store)
  loadHighlight(paint, (loaded) => {
    highlight = loaded
  })
  const keeper = keepState({
    file: stateFile,
    store,
    startToken,
    claimed: left?.pid,
    isOwn: options.endpoint.kind === 'own',
  })
  void openFirstSession(ui, options, left)
  try {
    await instance.waitUntilExit()
  } finally {
    stopClock()
    stopFocusing()
    await keeper.close()
    // What is still being opened goes with the process.
    await isDoneWithin(closeMs, ui.current?.close())
  }
}

/** Not before the first frame: the grammars would be a third of the start. Code stays plain where they cannot be loaded. */
function loadHighlight(paint: Paint, onLoaded: (highlight: Highlight) => void): void {
  const load = async () => onLoaded((await import('./theme/highlight-code.ts')).createHighlight(paint))
  // The program's files may have been replaced under us.
  setTimeout(() => void load().catch(() => {}), 200).unref()
}

/** Moves the time on while the screen shows one; an idle UI does nothing at all. */
function runClock(store: UiStore): () => void {
  let timer: NodeJS.Timeout | undefined
  const showsTime = () => {
    const { turn, connection } = store.state.session
    return turn !== null || connection.state === 'lost' || connection.state === 'silent'
  }
  const adjust = () => {
    if (showsTime()) timer ??= setInterval(() => store.dispatch({ type: 'tick', now: Date.now() }), 1000)
    else {
      clearInterval(timer)
      timer = undefined
    }
  }
  const stop = store.subscribe(adjust)
  return () => {
    stop()
    clearInterval(timer)
  }
}
