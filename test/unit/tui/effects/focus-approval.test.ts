/** When the keys go to what Codex asks. */
import { expect } from 'chai'
import { focusApproval } from '../../../../src/tui/effects/focus-approval.ts'
import { readApproval } from '../../../../src/tui/state/approvals.ts'
import { createStore } from '../../../../src/tui/state/store.ts'
import { startingState, type UiAction } from '../../../../src/tui/state/ui-state.ts'
import { eventually } from '../../../support/eventually.ts'

const question = (id: number) =>
  readApproval({ id, method: 'item/commandExecution/requestApproval', params: { command: 'rm -r build' }, item: null })
const asked = (id: number): UiAction => ({ type: 'approval', approval: question(id) })
const typed: UiAction = { type: 'edit', edit: { edit: 'insert', text: 'a' } }

describe('What Codex asks', () => {
  const storeWith = (...actions: UiAction[]) => {
    const store = createStore(startingState({ cwd: '/', readOnly: false, draft: '', history: [], now: 0 }))
    const stop = focusApproval(store)
    for (const action of actions) store.dispatch(action)
    return { store, stop }
  }

  it('has the keys a moment later, and so has the next question', async () => {
    const { store, stop } = storeWith(asked(1))
    expect(store.state.approvalChoice).to.equal(null)
    await eventually('the first has the keys', () => store.state.approvalChoice === 0)
    store.dispatch(asked(2))
    store.dispatch({ type: 'resolved', id: 1, told: 'approved by you' })
    expect(store.state.approvalChoice).to.equal(null)
    await eventually('the second has the keys', () => store.state.approvalChoice === 0)
    stop()
  })

  it('does not take them from one who began to write just then', async () => {
    const { store, stop } = storeWith(asked(1), typed)
    const other = storeWith(asked(1))
    await eventually('a moment has passed', () => other.store.state.approvalChoice === 0)
    expect(store.state.approvalChoice).to.equal(null)
    stop()
    other.stop()
  })
})
