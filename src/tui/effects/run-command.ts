/** Carries out the command that a key gave. Failures are shown in the transcript; nothing escapes. */
import { asShareError, ShareError } from '../../protocol/errors.ts'
import { type JsonObject, objectOf, textOf } from '../../protocol/json/read-json.ts'
import { visibleLine, visibleText } from '../../protocol/text/visible-text.ts'
import { answerWords } from '../../render/questions/approval-outcome.ts'
import type { UiCommand } from '../input/command.ts'
import type { ShareAction } from '../state/overlay.ts'
import type { UiState } from '../state/ui-state.ts'
import { farewellText, showAboutSharing, showHelp, showWho } from './help-pages.ts'
import { joinThread } from './join-thread.ts'
import { openPicker } from './list-threads.ts'
import { startSharing } from './share-thread.ts'
import { showLocalThread } from './show-local-thread.ts'
import { stopSharing } from './stop-sharing.ts'
import { submitDraft } from './submit-draft.ts'
import { showFailure, showHint, type UiContext, whileDoing } from './ui-context.ts'

/** What only the terminal itself can do. */
export interface Terminal {
  quit(): void
  /** Opens the draft in the person's own editor. */
  edit(): Promise<void>
  /** Shows the whole thread in the person's own pager. */
  page(): Promise<void>
}

export async function runCommand(ui: UiContext, terminal: Terminal, command: UiCommand): Promise<void> {
  try {
    await carryOut(ui, terminal, command)
  } catch (error) {
    showFailure(ui, failing[command.do] ?? 'that did not work', error)
  }
}

const failing: Partial<Record<UiCommand['do'], string>> = {
  pick: 'not opened',
  new: 'no new thread',
  interrupt: 'not interrupted',
  answer: 'not answered',
  history: 'no history',
  editor: 'no editor',
}

/** These put another thread on the screen: two at once would end with either. */
const changing: ReadonlySet<UiCommand['do']> = new Set(['share', 'pick', 'new'])

function runningAction({ doing, session: { connection } }: UiState): string | null {
  return doing ?? (connection.state === 'opening' ? `${connection.what}…` : null)
}

async function carryOut(ui: UiContext, terminal: Terminal, command: UiCommand): Promise<void> {
  const { store } = ui
  const { session } = store.state
  const doing = runningAction(store.state)
  if (doing !== null && changing.has(command.do)) {
    store.dispatch({ type: 'overlay', overlay: null })
    return showHint(ui, `${doing} One thing at a time.`)
  }
  switch (command.do) {
    case 'submit':
      return submitDraft(ui, command.text)
    case 'share':
      store.dispatch({ type: 'overlay', overlay: null })
      return runShareAction(ui, command.action)
    case 'pick':
      store.dispatch({ type: 'overlay', overlay: null })
      return openPicked(ui, command)
    case 'busy':
      return resolveBusy(ui, command.choice)
    case 'answer':
      return answer(ui, command.answer)
    case 'interrupt':
      if (session.turn === null) return showHint(ui, 'no turn is running')
      if (session.readOnly) return showHint(ui, 'this UI is read-only: it watches')
      return ui.current?.interrupt()
    case 'stopWaiting':
      ui.waiting?.abort(new Error('no longer waiting'))
      return
    case 'giveUp':
      ui.doing?.abort(new ShareError('cancelled', 'given up'))
      return
    case 'new':
      if (session.turn !== null && session.mode === 'LOCAL')
        return showHint(ui, 'a turn is running: interrupt it first')
      return whileDoing(ui, 'starting a new thread…', () => showLocalThread(ui, { kind: 'new' }))
    case 'openPicker':
      return openPicker(ui, command.purpose)
    case 'who':
      return showWho(ui)
    case 'help':
      return showHelp(ui)
    case 'history':
      return terminal.page()
    case 'editor':
      return terminal.edit()
    case 'quit':
      store.dispatch({ type: 'leaving', farewell: farewellText(ui) })
      return terminal.quit()
    default:
      return command satisfies never
  }
}

async function runShareAction(ui: UiContext, action: ShareAction): Promise<void> {
  switch (action) {
    case 'start':
      return startSharing(ui)
    case 'join':
      return openPicker(ui, 'join')
    case 'stop':
      return stopSharing(ui)
    case 'about':
      return showAboutSharing(ui)
    default:
      return action satisfies never
  }
}

async function openPicked(
  ui: UiContext,
  { reference, shared, purpose }: Extract<UiCommand, { do: 'pick' }>,
): Promise<void> {
  try {
    if (shared) return await joinThread(ui, { reference })
    const { session } = ui.store.state
    if (session.threadId === reference && session.connection.state === 'open')
      return showHint(ui, 'you are in this thread')
    if (session.turn !== null && session.mode === 'LOCAL') return showHint(ui, 'a turn is running: interrupt it first')
    await whileDoing(ui, 'opening…', () => showLocalThread(ui, { kind: 'resume', threadId: reference, silent: false }))
  } catch (error) {
    showFailure(ui, `not ${purpose === 'join' ? 'joined' : 'opened'}, and nothing was changed`, error)
  }
}

async function resolveBusy(ui: UiContext, choice: 'wait' | 'steer' | 'drop'): Promise<void> {
  const { overlay } = ui.store.state
  if (overlay?.kind !== 'busy') return
  ui.store.dispatch({ type: 'overlay', overlay: null })
  if (choice !== 'drop') return submitDraft(ui, overlay.prompt, choice)
  ui.store.dispatch({ type: 'giveBack', text: overlay.prompt })
}

async function answer(ui: UiContext, result: JsonObject): Promise<void> {
  const { store, current } = ui
  const [approval] = store.state.approvals
  if (!approval || !current) return
  try {
    await current.answer(approval.id, result)
    const outcome = current.mode === 'LOCAL' ? answerWords(approval.method, result, 'you') : null
    store.dispatch({ type: 'resolved', id: approval.id, outcome })
  } catch (error) {
    const { errorName, facts, message } = asShareError(error)
    if (errorName !== 'conflict' && errorName !== 'notFound') throw error
    const who = textOf(objectOf(facts.resolvedBy).label)
    store.dispatch({
      type: 'resolved',
      id: approval.id,
      outcome: who === '' ? visibleText(message) : `${visibleLine(who)} was faster`,
    })
  }
}
