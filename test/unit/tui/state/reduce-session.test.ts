/** What events say of the session, and what is selected in a menu. */
import { expect } from 'chai'
import { matchingEntries, moveSelection, type Overlay } from '../../../../src/tui/state/overlay.ts'
import { reduceSession } from '../../../../src/tui/state/reduce-session.ts'
import { startingSession } from '../../../../src/tui/state/session.ts'
import { eventMaker } from '../../../support/samples/event-maker.ts'

describe('The session', () => {
  const { make, turnStarted, turnEnded, prompt } = eventMaker()
  const start = startingSession('/', false)
  const running = reduceSession(start, [turnStarted()])

  it('has the turn that runs, with who began it as soon as that is known', () => {
    expect(running.turn).to.deep.equal({
      turnId: 'turn-1',
      startedAtMs: Date.parse('2026-11-22T14:00:00.000Z'),
      by: null,
    })
    expect(reduceSession(running, [prompt('Go', 'ada'), prompt('More', 'ben')]).turn?.by).to.equal('ada')
    expect(reduceSession(start, [prompt('Go', 'ada')]).turn).to.equal(null)
  })

  it('has none when that turn has ended, or was forgotten with how it ended', () => {
    const of = (turnId: string, event = turnEnded()) => reduceSession(running, [{ ...event, turnId }]).turn === null
    expect([of('turn-1'), of('turn-2')]).to.deep.equal([true, false])
    const forgotten = (params: Record<string, unknown>) => make('share/forgotten', params)
    expect([of('turn-1', forgotten({ status: 'completed' })), of('turn-1', forgotten({}))]).to.deep.equal([true, false])
  })

  it('has the newest count of tokens and name, and keeps them where nothing is said', () => {
    const told = reduceSession(start, [
      make('thread/tokenUsage/updated', { tokenUsage: { total: { totalTokens: 12 } } }),
      make('thread/name/updated', { threadName: 'lab' }),
      make('thread/tokenUsage/updated', {}),
      make('thread/name/updated', {}),
    ])
    expect([told.tokens, told.threadName]).to.deep.equal([12, 'lab'])
  })
})

describe('A menu', () => {
  const entry = (threadId: string, title: string) => ({ threadId, title, details: '3 h ago', shared: false })
  const picker = (query: string, selected = 0): Extract<Overlay, { kind: 'picker' }> => ({
    ...{ kind: 'picker', purpose: 'join', query, selected, problem: null },
    entries: [entry('t1', 'Fix the Build'), entry('t2', 'Fix the docs')],
  })

  it('has the entries in which every word is found', () => {
    const found = (query: string) => matchingEntries(picker(query)).map(({ threadId }) => threadId)
    expect([found(''), found(' fix  BUILD'), found('t2 ago'), found('none')]).to.deep.equal([
      ...[['t1', 't2'], ['t1'], ['t2'], []],
    ])
    expect(matchingEntries({ ...picker(''), entries: null })).to.deep.equal([])
  })

  it('moves its selection, and stops at both ends', () => {
    const moved = (overlay: Overlay, step: number) => moveSelection(overlay, step).selected
    expect([moved(picker(''), -1), moved(picker(''), 5), moved(picker('none'), 1)]).to.deep.equal([0, 1, 0])
    expect(moved({ kind: 'share', selected: 2 }, 5)).to.equal(3)
    expect(moved({ kind: 'busy', prompt: 'x', turn: null, selected: 0 }, 9)).to.equal(2)
  })
})
