/** When the keys go to what Codex asks. */
import { expect } from 'chai'
import { focusApproval } from '../../../../src/tui/effects/focus-approval.ts'
import { readApproval } from '../../../../src/tui/state/approvals.ts'
import { createStore } from '../../../../src/tui/state/store.ts'
import type { UiAction } from '../../../../src/tui/state/ui-action.ts'
import { startingState } from '../../../../src/tui/state/ui-state.ts'
import { onScriptedTime } from '../../../support/waiting/scripted-ticks.ts'

const question = (id: number) =>
  readApproval({ id, method: 'item/commandExecution/requestApproval', params: { command: 'rm -r build' }, item: null })
const asked = (id: number): UiAction => ({ type: 'approval', approval: question(id) })
const typed: UiAction = { type: 'edit', edit: { edit: 'insert', text: 'a' } }

/** The moment that the person has to see the question. */
const quietMs = 600

describe('What Codex asks', () => {
  const storeWith = (...actions: UiAction[]) => {
    const store = createStore(startingState({ cwd: '/', readOnly: false, draft: '', history: [], now: 0 }))
    const stop = focusApproval(store)
    for (const action of actions) store.dispatch(action)
    return { store, stop }
  }

  it(
    'has the keys a moment later, and so has the next question',
    onScriptedTime((time) => {
      const { store } = storeWith(asked(1))
      const choiceAfter = (ms: number) => {
        time.run(ms)
        return store.state.approvalChoice
      }
      expect([choiceAfter(quietMs - 1), choiceAfter(1)]).to.deep.equal([null, 0])
      store.dispatch(asked(2))
      store.dispatch({ type: 'resolved', id: 1, outcome: 'approved by you' })
      expect([choiceAfter(quietMs - 1), choiceAfter(1)]).to.deep.equal([null, 0])
    }),
  )

  it(
    'does not take them from one who began to write just then, nor once the UI has left',
    onScriptedTime((time) => {
      const { store } = storeWith(asked(1), typed)
      const left = storeWith(asked(1))
      left.stop()
      time.run(quietMs)
      expect([store.state.approvalChoice, left.store.state.approvalChoice]).to.deep.equal([null, null])
    }),
  )
})
