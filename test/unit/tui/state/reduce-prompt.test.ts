/** The prompt that is written, and the one on its way. */
import { expect } from 'chai'
import { onSubmissionArrived, reducePrompt } from '../../../../src/tui/state/reduce-prompt.ts'
import type { PromptAction } from '../../../../src/tui/state/ui-action.ts'
import { type Submission, startingState, type UiState } from '../../../../src/tui/state/ui-state.ts'

const drafting = (draft: string): UiState =>
  startingState({ cwd: '/', readOnly: false, draft, history: ['older'], now: 0 })
const having = (state: UiState, ...actions: PromptAction[]) => actions.reduce(reducePrompt, state)
const submission = (text: string, state: Submission['state'] = 'sending', requestId = 'r1'): Submission => ({
  ...{ requestId, text, state },
})
const submitting = (text: string, requestId = 'r1'): PromptAction => ({
  type: 'submitting',
  submission: submission(text, 'sending', requestId),
})
const written = ({ composer, submission: sent, hint }: UiState) => ({
  ...{ text: composer.text, history: composer.history, sent: sent?.text, hint },
})

describe('A prompt', () => {
  it('is written, and takes back what a second press would do', () => {
    const armed: UiState = { ...drafting('hell'), armed: 'quit', hint: 'press again' }
    const state = having(armed, { type: 'edit', edit: { edit: 'insert', text: 'o' } })
    expect([state.composer.text, state.armed, state.hint]).to.deep.equal(['hello', null, null])
  })

  it('leaves the composer for the history when it is submitted', () => {
    const state = having({ ...drafting('hello'), hint: 'press again' }, submitting('hello'))
    expect(written(state)).to.deep.equal({ text: '', history: ['older', 'hello'], sent: 'hello', hint: null })
  })

  it('is this program’s own by its request id, which is kept once, as the newest', () => {
    const actions = ['r1', 'r2', 'r1'].map((id) => submitting('hello', id))
    expect(having(drafting(''), ...actions).transcript.ownRequests).to.deep.equal(['r2', 'r1'])
  })

  it('is on its way no more once it was taken, and still where that is not known', () => {
    const sent = having(drafting('hello'), submitting('hello'))
    const unknown = submission('hello', 'unknown')
    const after = [null, unknown].map((now) => having(sent, { type: 'submitted', submission: now }).submission)
    expect(after).to.deep.equal([null, unknown])
  })

  const hint = 'the prompt before this one is kept: ↑ brings it back'
  const returned: readonly (readonly [title: string, draft: string, action: PromptAction, result: object])[] = [
    ['that was not taken is written again', '', { type: 'giveBack', text: 'old' }, { text: 'old', hint: null }],
    ['that was not taken leaves a newer one alone', 'new', { type: 'giveBack', text: 'old' }, { text: 'new', hint }],
    [
      'of an earlier run is written again, and on its way',
      '',
      { type: 'recalled', submission: submission('old', 'unknown') },
      { text: 'old', sent: 'old' },
    ],
    [
      'of an earlier run leaves a draft alone, and is on its way',
      'new',
      { type: 'recalled', submission: submission('old', 'unknown') },
      { text: 'new', sent: 'old' },
    ],
  ]
  for (const [title, draft, action, result] of returned) {
    it(title, () => {
      expect(written(having(drafting(draft), action))).to.deep.include(result)
    })
  }

  it('that was not taken is in the history where a newer one is written', () => {
    const next = having(drafting('old'), submitting('old'), { type: 'edit', edit: { edit: 'insert', text: 'new' } })
    const back = having(next, { type: 'giveBack', text: 'old' }, { type: 'edit', edit: { edit: 'up' } })
    expect(back.composer.text).to.equal('old')
  })
})

describe('A prompt on its way that has become one of the thread', () => {
  const arrived = (draft: string, now: Submission | null) =>
    onSubmissionArrived({ ...drafting(draft), submission: now })

  it('goes, and leaves the composer, when its fate was not known', () => {
    expect(written(arrived('hello', submission('hello', 'unknown')))).to.deep.equal({
      ...{ text: '', history: ['older', 'hello'], sent: undefined, hint: null },
    })
  })

  it('leaves what was written instead of it', () => {
    expect(written(arrived('hello you', submission('hello', 'unknown')))).to.deep.include({
      ...{ text: 'hello you', history: ['older'], sent: undefined },
    })
  })

  it('changes nothing while its answer is still to come', () => {
    for (const now of [null, submission('hello', 'sending'), submission('hello', 'waiting')])
      expect(arrived('hello', now)).to.deep.equal({ ...drafting('hello'), submission: now })
  })
})
