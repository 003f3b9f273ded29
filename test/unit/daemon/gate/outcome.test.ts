/** What became of a request at the gate, as a value and as it is thrown. */
import { expect } from 'chai'
import { busyError, type Outcome, outcomeOf, resultOf, wasSent } from '../../../../src/daemon/gate/outcome.ts'
import { ShareError } from '../../../../src/protocol/errors.ts'

const by = { label: 'ann', kind: 'ui', pid: 1 } as const
const active = { threadId: 't', turnId: 'x', startedAt: 'noon', by, waitingOnApproval: false }
const lost = (sent: boolean) => new ShareError('connectionLost', 'gone', { facts: { sent } })

describe('An outcome at the gate', () => {
  const cases: readonly (readonly [string, unknown, 'unknown' | 'refused'])[] = [
    ['not known for what was sent', lost(true), 'unknown'],
    ['a refusal for what was not sent', lost(false), 'refused'],
    ['a refusal for any other error', new Error('oh'), 'refused'],
  ]
  for (const [title, error, is] of cases)
    it(`is ${title}`, async () => {
      const outcome = await outcomeOf(() => Promise.reject(error))
      expect(outcome).to.deep.equal({ is, error })
      expect(wasSent(error)).to.equal(is === 'unknown')
      expect(() => resultOf(outcome))
        .to.throw(Error)
        .that.equals(error)
    })

  it('is a value where nothing is thrown', async () => {
    const taken: Outcome<number> = { is: 'taken', value: 1 }
    expect(await outcomeOf(async () => taken)).to.equal(taken)
    expect(resultOf(taken)).to.equal(1)
  })

  it('says of a turn in the way what is known of it', () => {
    for (const is of ['busy', 'notSteerable'] as const)
      expect(() => resultOf({ is, active })).to.throw(ShareError, 'a turn has been running since noon by ann')
    const { message, facts, errorName, hint } = busyError(
      { ...active, by: null, waitingOnApproval: true },
      { hint: 'h' },
    )
    expect([message, errorName, hint]).to.deep.equal([
      ...['a turn has been running since noon and waits for an approval', 'busy', 'h'],
    ])
    expect(facts).to.deep.equal({ ...active, by: null, waitingOnApproval: true })
  })
})
