import { expect } from 'chai'
import { hideSecrets } from '../../../../src/daemon/approvals/hide-secrets.ts'

describe('What others are told of an answer', () => {
  const questions = [
    { id: 'where', header: 'Where', isSecret: false },
    { id: 'key', header: 'Key', isSecret: true },
  ]

  it('has no answer to a secret question in it, and every other', () => {
    const result = { answers: { where: { answers: ['staging'] }, key: { answers: ['hunter2'] } } }
    expect(hideSecrets({ questions }, result)).to.deep.equal({
      answers: { where: { answers: ['staging'] }, key: { answers: ['(secret)'] } },
    })
    expect(result.answers.key.answers).to.deep.equal(['hunter2'])
  })

  it('is the answer itself where nothing is secret', () => {
    const decision = { decision: 'accept' }
    expect(hideSecrets({ command: 'ls' }, decision)).to.equal(decision)
    expect(hideSecrets({ questions }, { answers: {} })).to.deep.equal({ answers: {} })
  })
})
