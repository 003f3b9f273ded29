/** The open thread: its events, who is there, and another thread in its place. */
import { expect } from 'chai'
import type { Peer } from '../../../../src/protocol/methods.ts'
import { reduceThread } from '../../../../src/tui/state/reduce-thread.ts'
import type { BlockBody } from '../../../../src/tui/state/transcript/block.ts'
import type { ThreadAction } from '../../../../src/tui/state/ui-action.ts'
import { type Submission, startingState, type UiState } from '../../../../src/tui/state/ui-state.ts'
import { eventMaker } from '../../../support/samples/event-maker.ts'

const start = startingState({ cwd: '/', readOnly: false, draft: '', history: [], now: 0, pid: 7 })
const having = (state: UiState, ...actions: ThreadAction[]) => actions.reduce(reduceThread, state)
const notice = (text: string): BlockBody => ({ kind: 'notice', look: 'quiet', text })
const say = (...texts: string[]): ThreadAction => ({ type: 'say', blocks: texts.map(notice) })
const shown = ({ transcript }: UiState) =>
  transcript.blocks.map((block) => (block && 'text' in block ? block.text : (block?.kind ?? null)))
const peer = (peerId: string, label: string, readOnly = false): Peer => ({
  ...{ peerId, label, kind: 'ui', pid: 1, since: '2026-11-22T14:00:00.000Z', readOnly, threads: ['one'] },
})
const submission: Submission = { requestId: 'r1', text: 'hello', state: 'unknown' }

describe('The events of the open thread', () => {
  it('are taken in once, in the session and the transcript alike', () => {
    const { turnStarted, prompt, turnEnded } = eventMaker()
    const first = [turnStarted(), prompt('hello', 'ada')]
    const running = having(start, { type: 'events', events: first })
    const again = having(running, { type: 'events', events: first })
    expect([running.session.turn?.by, shown(again), again.transcript.lastId]).to.deep.equal(['ada', ['hello'], 2])
    const ended = having(running, { type: 'events', events: [turnEnded()] })
    const old = having(ended, { type: 'events', events: first })
    expect([old.session.turn, shown(old)]).to.deep.equal([null, ['hello', 'turnEnd']])
  })

  it('take back a second press that would interrupt when nothing runs any more, and no other', () => {
    const { turnStarted, delta, turnEnded } = eventMaker()
    const running = having(start, { type: 'events', events: [turnStarted()] })
    const [middle, end] = [delta('a', 'x'), turnEnded()]
    const armedAfter = (armed: UiState['armed'], event = end) =>
      having({ ...running, armed }, { type: 'events', events: [event] }).armed
    expect([armedAfter('interrupt', middle), armedAfter('interrupt'), armedAfter('quit')]).to.deep.equal([
      'interrupt',
      null,
      'quit',
    ])
  })

  const arrivals = [
    ['settle a prompt of unknown fate that is among them', 'r1', null],
    ['leave it where the prompt is another', 'r2', submission],
    ['leave it where the prompt has no id', null, submission],
  ] as const
  for (const [title, clientId, left] of arrivals) {
    it(title, () => {
      const events = [eventMaker().prompt('hello', null, clientId)]
      expect(having({ ...start, submission }, { type: 'events', events }).submission).to.equal(left)
    })
  }

  it('settle nothing with what was taken in before', () => {
    const events = [eventMaker().prompt('hello', null, 'r1')]
    const seen = { ...having(start, { type: 'events', events }), submission }
    expect(having(seen, { type: 'events', events }).submission).to.equal(submission)
  })
})

describe('What is shown of the open thread', () => {
  it('has what the program says at its end, and forgets what was printed', () => {
    const state = having(start, say('one', 'two'), { type: 'printed', count: 1 }, say('three'))
    expect(shown(state)).to.deep.equal([null, 'two', 'three'])
  })

  it('has what is known of the session, and keeps the rest', () => {
    const { session } = having(start, { type: 'session', session: { model: 'gpt', readOnly: true } })
    expect(session).to.deep.equal({ ...start.session, model: 'gpt', readOnly: true })
  })
})

describe('Another thread in place of the open one', () => {
  const before: UiState = {
    ...having(start, say('kept'), { type: 'events', events: [eventMaker().turnStarted()] }),
    ...{ approvals: [{} as UiState['approvals'][number]], approvalChoice: 0, armed: 'interrupt', submission },
  }
  const used: UiState = {
    ...before,
    session: {
      ...before.session,
      threadId: 'one',
      threadName: 'lab',
      tokens: 40,
      model: 'gpt',
      peers: [peer('p1', 'ann')],
    },
  }
  const open = (session: Extract<ThreadAction, { type: 'thread' }>['session']) =>
    having(used, { type: 'thread', session, lastId: 12, head: [notice('head')] })

  it('leaves what is on the screen, asks nothing, and takes events behind the id that is given', () => {
    const state = open({ threadId: 'two' })
    expect(state).to.deep.include({ approvals: [], approvalChoice: null, armed: null, submission })
    expect(shown(state)).to.deep.equal(['kept', 'head'])
    expect(state.transcript).to.deep.include({ lastId: 12, ownRequests: ['r1'], ownPid: 7 })
  })

  it('has nothing of the thread before it but what is the program’s', () => {
    const { session } = open({ threadId: 'two' })
    const nothing = { threadName: null, tokens: null, turn: null, peers: [], queue: null }
    expect(session).to.deep.equal({ ...used.session, ...nothing, threadId: 'two' })
  })

  it('has used what it has used when it is the same, unless it says otherwise', () => {
    const tokens = [{ threadId: 'one' }, { threadId: 'one', tokens: 50 }, { threadId: 'two', tokens: 5 }]
    expect(tokens.map((session) => open(session).session.tokens)).to.deep.equal([40, 50, 5])
  })
})

describe('The peers of the open thread', () => {
  const change = (kind: 'joined' | 'left', who: Peer, quiet = false): ThreadAction => ({
    type: 'peer',
    change: kind,
    peer: who,
    quiet,
  })
  const labels = ({ session }: UiState) => session.peers.map(({ label }) => label)

  it('are those who joined and have not left, each once, and a line says so', () => {
    const [ann, ben] = [peer('p1', 'ann'), peer('p2', 'ben', true)]
    const both = having(start, change('joined', ann), change('joined', ben), change('joined', peer('p1', 'anna')))
    expect(labels(both)).to.deep.equal(['ben', 'anna'])
    const left = having(both, change('left', ben))
    expect(labels(left)).to.deep.equal(['anna'])
    expect(shown(left)).to.deep.equal([
      ...['– ann joined', '– ben joined (read-only)', '– anna joined', '– ben left (read-only)'],
    ])
  })

  it('come and go without a line where that is wanted', () => {
    const ann = peer('p1', 'ann')
    const there = having(start, change('joined', ann, true))
    const gone = having(there, change('left', ann, true))
    expect([labels(there), labels(gone), shown(gone)]).to.deep.equal([['ann'], [], []])
  })

  it('cannot move the cursor with what they are called', () => {
    expect(shown(having(start, change('joined', peer('p1', 'a\u001b[2K\n'))))).to.deep.equal(['– a␛[2K␊ joined'])
  })
})
