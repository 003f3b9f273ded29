/** The state of the UI: the session, approvals, prompts on their way. */
import { expect } from 'chai'
import { createPaint } from '../../../../src/render/terminal/theme.ts'
import { readApproval } from '../../../../src/tui/state/approvals.ts'
import { reduceUi } from '../../../../src/tui/state/reduce-ui.ts'
import type { UiAction } from '../../../../src/tui/state/ui-action.ts'
import { startingState, type UiState } from '../../../../src/tui/state/ui-state.ts'
import { hintLines } from '../../../../src/tui/views/hint-text.ts'
import { eventMaker } from '../../../support/samples/event-maker.ts'

const start = startingState({ cwd: '/', readOnly: false, draft: '', history: [], now: 0 })
const having = (state: UiState, ...actions: UiAction[]) => actions.reduce(reduceUi, state)
const question = readApproval({
  id: 7,
  method: 'item/commandExecution/requestApproval',
  params: { command: 'rm -r build', availableDecisions: ['accept', 'cancel'] },
  item: null,
})

describe('The state of the UI', () => {
  it('runs from the start of a turn to its end', () => {
    const { turnStarted, turnEnded } = eventMaker()
    const running = having(start, { type: 'events', events: [turnStarted()] })
    expect(running.session.turn).to.deep.equal({
      turnId: 'turn-1',
      startedAtMs: Date.parse('2026-11-22T14:00:00Z'),
      by: null,
    })
    expect(having(running, { type: 'events', events: [turnEnded()] }).session.turn).to.equal(null)
  })

  it('does not end a turn with the end of another', () => {
    const { turnStarted, turnEnded } = eventMaker()
    const running = having(start, { type: 'events', events: [turnStarted()] })
    const other = { ...turnEnded(), turnId: 'sub-agent' }
    expect(having(running, { type: 'events', events: [other] }).session.turn?.turnId).to.equal('turn-1')
  })

  it('offers only the answers that Codex takes', () => {
    expect(question.choices.map(({ key }) => key)).to.deep.equal(['y', 's'])
  })

  it('leaves the keys to the composer when something is asked, and again when the next is', () => {
    const two = having(
      start,
      { type: 'approval', approval: question },
      { type: 'approval', approval: { ...question, id: 8 } },
    )
    expect(two.approvalChoice).to.equal(null)
    const focused = having(two, { type: 'focus', on: 'approval' })
    expect(having(focused, { type: 'resolved', id: 8, outcome: 'by ben' }).approvalChoice).to.equal(0)
    expect(having(focused, { type: 'resolved', id: 7, outcome: 'by ben' }).approvalChoice).to.equal(null)
  })

  it('tells who answered, and asks no more', () => {
    const done = having(
      start,
      { type: 'approval', approval: question },
      { type: 'resolved', id: 7, outcome: 'approved by ben' },
    )
    expect([done.approvals, done.approvalChoice]).to.deep.equal([[], null])
    expect(done.transcript.blocks.at(-1)).to.include({ kind: 'notice', text: '▸ $ rm -r build: approved by ben' })
  })

  it('tells what Codex tries again on one line that changes, until it gets on', () => {
    const { make, begin } = eventMaker()
    const again = (message: string) => make('error', { error: { message }, willRetry: true })
    const trying = having(start, {
      type: 'events',
      events: [again('Reconnecting... 2/5'), again('Reconnecting... 3/5')],
    })
    const line = (state: UiState) => hintLines(state, { paint: createPaint(false), width: 80, screenReader: false })
    expect([line(trying), trying.transcript.blocks]).to.deep.equal([['✖ Reconnecting... 3/5 (trying again)'], []])
    expect(line(having(trying, { type: 'events', events: [begin('a')] }))).to.deep.equal([])
    const given = make('error', { error: { message: 'no network' }, willRetry: false })
    const failed = having(trying, { type: 'events', events: [given] })
    expect(failed.transcript.blocks).to.have.lengthOf(1)
  })

  it('asks what waits at this moment after a break, and nothing else', () => {
    const other = { ...question, id: 8 }
    const back = having(start, { type: 'approval', approval: question }, { type: 'approvals', approvals: [other] })
    expect(back.approvals.map(({ id }) => id)).to.deep.equal([8])
    const still = having(back, { type: 'focus', on: 'approval' }, { type: 'approvals', approvals: [other] })
    expect(still.approvalChoice, 'the keys stay where they are').to.equal(0)
    expect(having(still, { type: 'approvals', approvals: [question] }).approvalChoice).to.equal(null)
  })

  it('puts a prompt of unknown fate away once it shows up in the thread', () => {
    const submission = { requestId: 'r1', text: 'hello', state: 'unknown' } as const
    const recalled = having(start, { type: 'recalled', submission })
    expect(recalled.composer.text).to.equal('hello')
    const { prompt } = eventMaker()
    const seen = having(recalled, { type: 'events', events: [prompt('hello', 'me', 'r1')] })
    expect([seen.composer.text, seen.submission]).to.deep.equal(['', null])
  })

  it('gives a refused prompt back, or says where it is when something else was written meanwhile', () => {
    expect(having(start, { type: 'giveBack', text: 'mine' }).composer.text).to.equal('mine')
    const writing = having(start, { type: 'edit', edit: { edit: 'insert', text: 'newer' } })
    const both = having(writing, { type: 'giveBack', text: 'mine' })
    expect([both.composer.text, both.hint]).to.deep.equal([
      'newer',
      'the prompt before this one is kept: ↑ brings it back',
    ])
  })

  it('keeps the tokens of a thread that is shared, and begins anew with another', () => {
    const used = having(start, { type: 'session', session: { threadId: 'one', tokens: 40 } })
    const tokensIn = (threadId: string) =>
      having(used, { type: 'thread', session: { threadId }, lastId: 0, head: [] }).session.tokens
    expect([tokensIn('one'), tokensIn('two')]).to.deep.equal([40, null])
  })
})
