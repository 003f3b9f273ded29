/** What becomes of a prompt that is handed over and not taken, or not known to be. */
import { expect } from 'chai'
import { ShareError } from '../../../../src/protocol/errors.ts'
import { submitDraft } from '../../../../src/tui/effects/submit-draft.ts'
import { makeUiContext, type UiContext } from '../../../../src/tui/effects/ui-context.ts'
import type { Prompt, ThreadSession } from '../../../../src/tui/session/thread-session.ts'
import { createStore } from '../../../../src/tui/state/store.ts'
import { startingState } from '../../../../src/tui/state/ui-state.ts'

describe('Submitting the draft', () => {
  let ui: UiContext
  let sent: Prompt[]
  let answer: () => void

  beforeEach(() => {
    sent = []
    const store = createStore(startingState({ cwd: '/', readOnly: false, draft: 'hello', history: [], now: 0 }))
    store.dispatch({ type: 'session', session: { mode: 'SHARED', connection: { state: 'open' } } })
    ui = makeUiContext({
      store,
      endpoint: { kind: 'given', path: '/nowhere' },
      label: 'anna',
      readOnly: false,
      cwd: '/',
      env: {},
      findCodex: () => Promise.reject(new Error('not needed')),
    })
    const session: Pick<ThreadSession, 'submit'> = {
      submit: async (prompt) => {
        sent.push(prompt)
        answer()
      },
    }
    // Nothing else of it is used here.
    ui.current = session as ThreadSession
  })

  const failWith = (error: ShareError) => {
    answer = () => {
      throw error
    }
  }
  const ids = () => sent.map(({ requestId }) => requestId)
  const composer = () => ui.store.state.composer.text

  for (const name of ['connectionLost', 'timedOut'] as const) {
    it(`sends the same prompt under the same id again after ${name}, as it may have been taken`, async () => {
      failWith(new ShareError(name, 'who knows'))
      await submitDraft(ui, 'hello')
      expect([composer(), ui.store.state.submission?.state]).to.deep.equal(['hello', 'unknown'])
      answer = () => {}
      await submitDraft(ui, 'hello')
      expect([composer(), ui.store.state.submission]).to.deep.equal(['', null])
      expect(ids()).to.have.lengthOf(2)
      expect(ids()[0]).to.equal(ids()[1])
    })
  }

  it('keeps the id of one that is taken back, as it may just have been sent', async () => {
    answer = () => {
      ui.waiting?.abort(new ShareError('cancelled', 'taken back'))
      ui.waiting?.signal.throwIfAborted()
    }
    await submitDraft(ui, 'hello', 'wait')
    expect([composer(), ui.store.state.hint]).to.deep.equal(['hello', 'your prompt is back here'])
    answer = () => {}
    await submitDraft(ui, 'hello')
    expect(ids()[0]).to.equal(ids()[1])
  })

  it('gives it another id when it was surely not taken', async () => {
    failWith(new ShareError('unavailable', 'no Codex'))
    await submitDraft(ui, 'hello')
    expect([composer(), ui.store.state.submission]).to.deep.equal(['hello', null])
    await submitDraft(ui, 'hello')
    expect(ids()[0]).not.to.equal(ids()[1])
  })

  it('keeps what was begun meanwhile, and says where the other is', async () => {
    answer = () => {
      ui.store.dispatch({ type: 'edit', edit: { edit: 'insert', text: 'next' } })
      throw new ShareError('unavailable', 'no Codex')
    }
    await submitDraft(ui, 'hello')
    expect([composer(), ui.store.state.hint]).to.deep.equal([
      'next',
      'the prompt before this one is kept: ↑ brings it back',
    ])
    expect(ui.store.state.composer.history).to.deep.equal(['hello'])
  })
})
