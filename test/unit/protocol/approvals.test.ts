/** The error for an answer that comes second. */
import { expect } from 'chai'
import { alreadyResolvedError } from '../../../src/protocol/approvals.ts'

describe('An approval that was resolved already', () => {
  it('is a conflict that names who was first, on one safe line', () => {
    const by = { label: 'a\nda', kind: 'ui', pid: 7 } as const
    const errors = [by, null].map((who) => alreadyResolvedError({ approvalId: 'a1', by: who }))
    expect(errors.map(({ errorName, message, facts }) => ({ errorName, message, facts }))).to.deep.equal([
      {
        errorName: 'conflict',
        message: 'approval a1 was already resolved by a␊da',
        facts: { approvalId: 'a1', resolvedBy: by },
      },
      {
        errorName: 'conflict',
        message: 'approval a1 was already resolved',
        facts: { approvalId: 'a1', resolvedBy: null },
      },
    ])
  })
})
