/** How a question was settled, in words, and what of it has no way of its own to be shown. */
import { expect } from 'chai'
import { answerWords, approvalOutcome, approvalSubject } from '../../../../src/render/questions/approval-outcome.ts'
import { questionFields, schemaFields } from '../../../../src/render/questions/form-fields.ts'
import { otherMembers } from '../../../../src/render/questions/other-members.ts'

const method = 'item/commandExecution/requestApproval'
const ada = { label: 'a\nda', kind: 'ui', pid: 1 } as const

describe('A question that was settled', () => {
  it('is told with its subject, the decision, and who decided', () => {
    const about = { approvalId: 'a1', threadId: 't', turnId: null, method, item: null }
    const params = { ...about, params: { itemId: 'i', command: 'npm publish' }, result: { decision: 'accept' } }
    const told = { itemId: 'i', subject: '$ npm publish' }
    expect(approvalOutcome({ params, by: ada })).to.deep.equal({ ...told, outcome: 'approved by a␊da' })
    expect(approvalOutcome({ params, by: ada }, 'you').outcome).to.equal('approved by you')
    expect(approvalOutcome({ params, by: null }).outcome).to.equal('approved by somebody')
  })

  it('is told without its subject in a form that is not known', () => {
    expect(approvalOutcome({ params: { approvalId: 7 }, by: ada })).to.deep.equal({
      ...{ itemId: '', subject: 'a question of Codex', outcome: 'answered by a␊da' },
    })
  })

  it('has its subject on one line, and says how many there are', () => {
    const subject = (command: string) => approvalSubject({ method, params: { command }, item: null })
    expect([subject('ls'), subject('a\nb'), subject('a\nb\nc')]).to.deep.equal([
      ...['$ ls', '$ a (and 1 more line)', '$ a (and 2 more lines)'],
    ])
    expect(answerWords(method, { decision: 'decline' }, 'you')).to.equal('declined by you')
  })
})

describe('What a question has beyond that', () => {
  it('is shown as it came, without what is shown in a way of its own', () => {
    const params = { command: 'ls', threadId: 't', reason: 'why', none: null, 'odd\n': [1], cwd: '/' }
    const lines = otherMembers(params, ['cwd'])
    expect(lines.join('\n'))
      .to.include('reason  why')
      .and.include('odd␊')
      .and.not.match(/cwd|threadId|none|ls/)
  })
})

describe('The fields of a question', () => {
  it('are read of the model’s questions, with a choice where there are options', () => {
    const options = [{ label: 'Yes', description: 'do it' }]
    const questions = [
      { id: 'q', header: 'H', question: 'Q?', options, isOther: true },
      { id: 'w', isSecret: true },
    ]
    expect(
      questionFields({ questions }).map(({ name, title, about, kind, free, secret }) => [
        name,
        title,
        about,
        kind,
        free,
        secret,
      ]),
    ).to.deep.equal([
      ['q', 'H', 'Q?', 'one', true, false],
      ['w', '', '', 'text', false, true],
    ])
  })

  it('are read of a form, all or none', () => {
    const fields = (properties: object) =>
      schemaFields({ requestedSchema: { type: 'object', properties, required: ['a'] } })
    expect(
      fields({ a: { type: 'integer', minimum: 1 }, b: { type: 'boolean', default: false } })?.map(
        ({ name, kind, required, initial, least }) => ({ name, kind, required, initial, least }),
      ),
    ).to.deep.equal([
      { name: 'a', kind: 'integer', required: true, initial: '', least: 1 },
      { name: 'b', kind: 'yesNo', required: false, initial: 'no', least: null },
    ])
    expect(fields({ a: { type: 'string' }, b: { type: 'hologram' } })).to.equal(null)
    expect([schemaFields({ mode: 'url' }), schemaFields({ requestedSchema: { type: 'array' } })]).to.deep.equal([
      [],
      null,
    ])
  })
})
