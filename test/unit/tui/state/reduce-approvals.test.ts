/** Questions of Codex's that wait: which are there, who has the keys, and how they go. */
import { expect } from 'chai'
import { startForm } from '../../../../src/tui/state/approval-form.ts'
import { type ApprovalPrompt, readApproval } from '../../../../src/tui/state/approvals.ts'
import { reduceApprovals } from '../../../../src/tui/state/reduce-approvals.ts'
import type { ApprovalAction } from '../../../../src/tui/state/ui-action.ts'
import { startingState, type UiState } from '../../../../src/tui/state/ui-state.ts'

const start = startingState({ cwd: '/', readOnly: false, draft: '', history: [], now: 0 })
const having = (state: UiState, ...actions: ApprovalAction[]) => actions.reduce(reduceApprovals, state)

const ask = (id: number, command = `make ${id}`) =>
  readApproval({ id, method: 'item/commandExecution/requestApproval', params: { command }, item: null })
const waiting = (...ids: number[]): UiState => having(start, { type: 'approvals', approvals: ids.map((id) => ask(id)) })
const focused = (...ids: number[]): UiState => having(waiting(...ids), { type: 'focus', on: 'approval' })
const resolved = (id: number, outcome: string | null = 'approved by ben'): ApprovalAction => ({
  type: 'resolved',
  id,
  outcome,
})
const idsOf = ({ approvals }: UiState) => approvals.map(({ id }) => id)

describe('A question that waits', () => {
  it('is behind those that are there, and once only, as it was asked last', () => {
    const asked = having(
      waiting(1, 2),
      { type: 'approval', approval: ask(3) },
      { type: 'approval', approval: ask(2, 'ls') },
    )
    expect(asked.approvals.map(({ id, lines }) => `${id} ${lines[0]}`)).to.deep.equal([
      '1 $ make 1',
      '3 $ make 3',
      '2 $ ls',
    ])
  })

  it('takes no keys by itself: they are given, and given back', () => {
    const given = focused(1)
    const back = having(given, { type: 'focus', on: 'composer' })
    expect([waiting(1), given, back, focused()].map(({ approvalChoice }) => approvalChoice)).to.deep.equal([
      ...[null, 0, null, null],
    ])
  })

  const choices: readonly (readonly [title: string, state: UiState, action: ApprovalAction, choice: number | null])[] =
    [
      ['keeps the keys when another is asked', focused(1), { type: 'approval', approval: ask(2) }, 0],
      ['keeps the keys when it is asked again', focused(1), { type: 'approval', approval: ask(1) }, 0],
      [
        'leaves the keys when it is asked again behind another',
        focused(1, 2),
        { type: 'approval', approval: ask(1) },
        null,
      ],
      ['keeps the keys when another is answered', focused(1, 2), resolved(2), 0],
      ['leaves the keys when it is answered itself', focused(1, 2), resolved(1), null],
      ['keeps the keys when it still waits', focused(1), { type: 'approvals', approvals: [ask(1), ask(2)] }, 0],
      [
        'leaves the keys when another is the first',
        focused(1),
        { type: 'approvals', approvals: [ask(2), ask(1)] },
        null,
      ],
      ['leaves the keys when nothing waits', focused(1), { type: 'approvals', approvals: [] }, null],
    ]
  for (const [title, state, action, choice] of choices) {
    it(title, () => {
      expect(having(state, action).approvalChoice).to.equal(choice)
    })
  }

  it('is gone with all that do not wait at this moment', () => {
    expect(idsOf(having(waiting(1, 2), { type: 'approvals', approvals: [ask(2), ask(3)] }))).to.deep.equal([2, 3])
  })

  it('leaves a line with the outcome, except where an event of the thread says it', () => {
    const untitled: ApprovalPrompt = { ...ask(2), title: 'A question', lines: [] }
    const done = having(
      waiting(1, 3),
      ...([
        { type: 'approval', approval: untitled },
        resolved(1),
        resolved(2, 'withdrawn'),
        resolved(3, null),
      ] as const),
    )
    expect(idsOf(done)).to.deep.equal([])
    expect(done.transcript.blocks).to.deep.equal([
      { key: 0, kind: 'notice', look: 'quiet', text: '▸ $ make 1: approved by ben' },
      { key: 1, kind: 'notice', look: 'quiet', text: '▸ A question: withdrawn' },
    ])
  })

  it('is not the one that was answered when its id is another', () => {
    const state = focused(1)
    expect(having(state, resolved(9))).to.equal(state)
  })
})

describe('The form of a question', () => {
  const armed: UiState = { ...focused(1), armed: 'quit', hint: 'press again' }
  const form = { ...startForm(ask(1)), problem: 'this cannot be left out' }
  const quiet = { armed: null, hint: null }

  it('is opened, written in, and closed, and each takes back what a second press would do', () => {
    const opened = having(armed, { type: 'form', form })
    expect(opened).to.include({ form, ...quiet })
    const again: UiState = { ...opened, armed: 'quit', hint: 'press again' }
    const written = having(again, { type: 'formEdit', edit: { edit: 'insert', text: 'yes' } })
    expect(written).to.include(quiet)
    expect([written.form?.input.text, written.form?.problem, written.composer]).to.deep.equal([
      ...['yes', null, start.composer],
    ])
    expect(having({ ...written, armed: 'quit' }, { type: 'form', form: null })).to.include({ form: null, ...quiet })
  })

  it('takes nothing while it is not open', () => {
    expect(having(armed, { type: 'formEdit', edit: { edit: 'insert', text: 'yes' } }).form).to.equal(null)
  })
})
