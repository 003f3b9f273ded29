/** Puts a private thread on the screen: a new one, a stored one, or a copy of a shared one. */
import { visibleText } from '../../protocol/text/visible-text.ts'
import { type LocalSession, type LocalStart, openLocalSession } from '../session/local-session.ts'
import { localEndpoint } from '../state/session.ts'
import type { BlockBody } from '../state/transcript/block.ts'
import type { UiContext } from './ui-context.ts'

/**
 * The thread that was open is left only when the other one stands.
 *
 * @throws ShareError `unavailable` without Codex; what Codex answers, such as an unknown id or an active writer
 */
export async function showLocalThread(
  ui: UiContext,
  start: LocalStart,
  head: readonly BlockBody[] = [],
): Promise<void> {
  const { store, env, label } = ui
  const codex = await ui.findCodex()
  const session = await openLocalSession({ store, codex, env, cwd: ui.cwd, label, start })
  const left = ui.current
  ui.current = session
  await left?.close()
  const { facts } = session
  const rows = [
    ['Codex', `private · model ${facts.model ?? 'unknown'} · approvals ${facts.approvals ?? 'as configured'}`],
    ['Folder', facts.cwd ?? ui.cwd],
  ] as const
  const isSilent = start.kind !== 'fork' && start.silent === true
  const isOnScreen = start.kind === 'fork' || isSilent
  const shownHead: readonly BlockBody[] = isOnScreen
    ? head
    : [...head, { kind: 'session', facts: rows }, ...(session.hasEarlier ? [earlierNotice] : [])]
  store.dispatch({ type: 'thread', session: { ...facts, readOnly: ui.readOnly }, lastId: 0, head: shownHead })
  session.report()
  // Not waited for: Codex may ask others about the account. The prompt for which it was opened again says so itself.
  if (!isSilent) void session.examined.then(() => showHindrance(ui, session))
}

/** At once, and not only when a prompt has been written: Codex itself would try to reach its model for minutes. */
function showHindrance({ store, current }: UiContext, session: LocalSession): void {
  if (current !== session || session.hindrance === null) return
  store.dispatch({
    type: 'say',
    blocks: [{ kind: 'notice', look: 'bad', text: `✖ ${visibleText(session.hindrance)}` }],
  })
}

const earlierNotice: BlockBody = { kind: 'notice', look: 'quiet', text: '… what came before is shown by /history' }

/** No private thread stands: says so in the footer. The next prompt opens `threadId` again, or a new thread where that is null. */
export function showNoThread({ store, readOnly }: UiContext, reason: string, threadId: string | null): void {
  const connection = { state: 'failed', reason } as const
  store.dispatch({
    type: 'session',
    session: {
      mode: 'LOCAL',
      threadId,
      endpoint: localEndpoint,
      turn: null,
      peers: [],
      queue: null,
      readOnly,
      connection,
    },
  })
}
