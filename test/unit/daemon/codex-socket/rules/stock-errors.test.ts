/** Refusals in the forms that the stock UI understands. */
import { expect } from 'chai'
import { notSteerable, refusalOf, stockError } from '../../../../../src/daemon/codex-socket/rules/stock-errors.ts'
import { ShareError } from '../../../../../src/protocol/errors.ts'
import { VerbatimError } from '../../../../../src/rpc/rpc-peer.ts'

const by = { label: 'ann', kind: 'ui', pid: 1 } as const
const active = { threadId: 't', turnId: 'x', startedAt: 'noon', by, waitingOnApproval: false }
const message = 'a turn has been running since noon by ann'

describe('A refusal for a stock client', () => {
  const own = { code: -7, message: 'mine', data: { x: 1 } }
  const cases: readonly (readonly [string, unknown, object])[] = [
    ['Codex’s own words as they are', new VerbatimError(own), own],
    ['a passing trouble as one to try again', new ShareError('unavailable', 'soon'), { code: -32001, message: 'soon' }],
    ['a lost link as one to try again', new ShareError('connectionLost', 'gone'), { code: -32001, message: 'gone' }],
    [
      'anything else of ours without data',
      new ShareError('denied', 'no', { facts: { a: 1 } }),
      { code: -32600, message: 'no' },
    ],
    ['an error of the program', new Error('oh'), { code: -32603, message: 'oh' }],
    ['what is no error', 'oh', { code: -32603, message: 'oh' }],
  ]
  for (const [title, error, wire] of cases)
    it(`puts ${title}`, () => {
      expect(stockError(error)).to.deep.equal(wire)
      expect(refusalOf({ is: 'refused', error }, 'prompts')).to.deep.equal(wire)
      expect(refusalOf({ is: 'unknown', error }, 'begins')).to.deep.equal(wire)
    })

  it('gives a second prompt back to the composer, and has the rest submitted later', () => {
    expect(refusalOf({ is: 'busy', active }, 'prompts')).to.deep.equal({ code: -32600, message })
    const later = {
      ...{ code: -32600, message },
      data: { message, codexErrorInfo: { activeTurnNotSteerable: { turnKind: 'review' } }, additionalDetails: null },
    }
    expect(notSteerable(active)).to.deep.equal(later)
    expect(refusalOf({ is: 'busy', active }, 'begins')).to.deep.equal(later)
    expect(refusalOf({ is: 'notSteerable', active }, 'prompts')).to.deep.equal(later)
  })
})
