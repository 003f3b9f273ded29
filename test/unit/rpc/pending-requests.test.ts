/** The requests on one connection: each ends once, whatever comes first. */
import { expect } from 'chai'
import { AwakeClock } from '../../../src/platform/time/awake-clock.ts'
import { PendingRequests, type RequestLimits } from '../../../src/rpc/pending-requests.ts'
import { ScriptedTicks } from '../../support/waiting/scripted-ticks.ts'

describe('Pending requests', () => {
  let ticks: ScriptedTicks
  let pending: PendingRequests<number, string>
  let abort: AbortController
  let ends: unknown[]

  beforeEach(() => {
    ticks = new ScriptedTicks()
    const clock = new AwakeClock(ticks)
    pending = new PendingRequests((callback, ms) => clock.timeout(callback, ms))
    abort = new AbortController()
    ends = []
  })

  const add = (id: number, limits?: RequestLimits) => pending.add(id, (end) => ends.push([id, end]), limits)
  const passDeadline = () => ticks.run(200)

  const ways: readonly (readonly [string, object, () => void])[] = [
    ['its answer', { is: 'answered', answer: 'yes' }, () => pending.answer(1, 'yes')],
    ['its deadline', { is: 'timedOut' }, () => passDeadline()],
    ['its signal', { is: 'aborted' }, () => abort.abort()],
    ['the end of the connection', { is: 'closed', reason: 'gone' }, () => pending.closeAll('gone')],
    ['another request under its id', { is: 'replaced' }, () => pending.add(1, () => {})],
  ]
  for (const [first, end, endIt] of ways)
    it(`end by ${first}, and by nothing after that`, () => {
      add(1, { timeoutMs: 100, signal: abort.signal })
      endIt()
      expect(ends).to.deep.equal([[1, end]])
      for (const [, , endAgain] of ways) endAgain()
      expect(ends).to.deep.equal([[1, end]])
    })

  it('wait as long as it takes where they have no deadline', () => {
    add(1)
    add(2, { signal: abort.signal })
    passDeadline()
    expect([ends, pending.size]).to.deep.equal([[], 2])
  })

  it('all end with the connection, also where one asks again', () => {
    pending.add(1, () => add(1))
    add(2)
    pending.closeAll('gone')
    expect([ends, pending.size]).to.deep.equal([[[2, { is: 'closed', reason: 'gone' }]], 1])
  })

  it('say when an answer is nobody’s', () => {
    add(1)
    expect([pending.answer(2, ''), pending.answer(1, ''), pending.answer(1, '')]).to.deep.equal([false, true, false])
  })
})
