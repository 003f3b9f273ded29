/** What a UI writes down of itself. */
import { join } from 'node:path'
import { mock } from 'node:test'
import { expect } from 'chai'
import { readLeftState, writeUiState } from '../../../../src/platform/state-file.ts'
import { keepState } from '../../../../src/tui/effects/keep-state.ts'
import { createStore } from '../../../../src/tui/state/store.ts'
import { startingState } from '../../../../src/tui/state/ui-state.ts'
import { makeScratch } from '../../../support/scratch.ts'
import { eventually } from '../../../support/waiting/eventually.ts'

describe('Keeping the state', () => {
  it('takes the place that was left at once, so that no other UI takes it too', async () => {
    const scratch = makeScratch()
    const file = join(scratch.dir, 'ui.json')
    const ended = { pid: 1, startToken: 'ended', mode: 'LOCAL', endpoint: null, threadId: null, eventId: 0 } as const
    await writeUiState(file, { ui: { ...ended, draft: 'mine', submission: null }, history: [], claimed: undefined })
    const { left } = await readLeftState(file)
    const store = createStore(startingState({ cwd: '/', readOnly: false, draft: 'mine', history: [], now: 0 }))
    const keeper = keepState({ file, store, startToken: 'runs', claimed: left?.pid, isOwn: true })
    await eventually('nobody finds it any more', async () => (await readLeftState(file)).left?.pid !== ended.pid)
    await keeper.close()
    scratch.remove()
    expect(left?.draft).to.equal('mine')
  })

  it('notes a prompt down the moment it is sent', async () => {
    const scratch = makeScratch()
    const file = join(scratch.dir, 'ui.json')
    const store = createStore(startingState({ cwd: '/', readOnly: false, draft: 'mine', history: [], now: 0 }))
    const keeper = keepState({ file, store, startToken: 'not that of this process', claimed: undefined, isOwn: true })
    // What would be written later is never written.
    mock.timers.enable({ apis: ['setTimeout'] })
    store.dispatch({ type: 'edit', edit: { edit: 'insert', text: '!' } })
    store.dispatch({ type: 'submitting', submission: { requestId: 'r', text: 'mine!', state: 'sending' } })
    mock.timers.reset()
    await eventually('it is noted', async () => (await readLeftState(file)).left?.submission?.requestId === 'r')
    await keeper.close()
    scratch.remove()
  })

  it('does not keep a prompt that came back and was written over', async () => {
    const scratch = makeScratch()
    const file = join(scratch.dir, 'ui.json')
    const store = createStore(startingState({ cwd: '/', readOnly: false, draft: 'mine', history: [], now: 0 }))
    const keeper = keepState({ file, store, startToken: 'not that of this process', claimed: undefined, isOwn: true })
    const kept = async () => (await readLeftState(file)).left?.submission ?? null
    const submission = { requestId: 'r', text: 'mine', state: 'unknown' } as const
    store.dispatch({ type: 'submitted', submission })
    await eventually('it is kept while it stands in the composer', async () => (await kept())?.requestId === 'r')
    store.dispatch({ type: 'edit', edit: { edit: 'insert', text: ' and more' } })
    await keeper.close()
    expect(await kept()).to.equal(null)
    scratch.remove()
  })
})
