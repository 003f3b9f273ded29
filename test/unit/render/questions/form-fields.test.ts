/** Forms of tool servers and questions of the model, read into fields, and how they are shown. */
import { expect } from 'chai'
import type { Approval } from '../../../../src/protocol/approvals.ts'
import { fieldLines } from '../../../../src/render/questions/approval-details.ts'
import { approvalText } from '../../../../src/render/questions/approval-text.ts'
import type { FormField } from '../../../../src/render/questions/form-fields.ts'
import { shownQuestion } from '../../../../src/render/questions/shown-questions.ts'
import { createPaint } from '../../../../src/render/terminal/theme.ts'

function form(properties: object, required: readonly string[] = []): Approval {
  const params = {
    serverName: 's',
    mode: 'form',
    message: 'm',
    requestedSchema: { type: 'object', properties, required },
  }
  const about = { approvalId: 'a1', threadId: 't', turnId: null, askedAt: new Date(0).toISOString(), item: null }
  return { ...about, method: 'mcpServer/elicitation/request', params }
}

const formFields = (asked: Approval) => shownQuestion(asked).fields(asked.params)

const empty = {
  about: '',
  options: [],
  free: false,
  secret: false,
  initial: '',
  least: null,
  most: null,
  required: false,
}
const of = (value: string, label = value) => ({ value, label, about: '' })

describe('The fields of a form', () => {
  it('are of every kind that the specification has', () => {
    const fields: Record<string, [schema: object, field: Partial<FormField>]> = {
      text: [
        { type: 'string', title: 'T', description: 'D', minLength: 2, maxLength: 5, default: 'abc' },
        { kind: 'text', title: 'T', about: 'D', least: 2, most: 5, initial: 'abc' },
      ],
      number: [
        { type: 'number', maximum: 1.5 },
        { kind: 'number', most: 1.5 },
      ],
      whole: [
        { type: 'integer', default: 0 },
        { kind: 'integer', initial: '0' },
      ],
      bool: [
        { type: 'boolean', default: false },
        { kind: 'yesNo', initial: 'no' },
      ],
      one: [
        { type: 'string', enum: ['a', 'b'], default: 'b' },
        { kind: 'one', options: [of('a'), of('b')], initial: 'b' },
      ],
      named: [
        { type: 'string', enum: ['a'], enumNames: ['A'] },
        { kind: 'one', options: [of('a', 'A')] },
      ],
      titled: [
        { type: 'string', oneOf: [{ const: 'a', title: 'A' }] },
        { kind: 'one', options: [of('a', 'A')] },
      ],
      several: [
        { type: 'array', items: { type: 'string', enum: ['a', 'b'] }, maxItems: 1, default: ['a'] },
        { kind: 'several', options: [of('a'), of('b')], most: 1, initial: 'a' },
      ],
      any: [
        { type: 'array', items: { anyOf: [{ const: 'a', title: 'A' }] } },
        { kind: 'several', options: [of('a', 'A')] },
      ],
    }
    const schemas = Object.fromEntries(Object.entries(fields).map(([name, [schema]]) => [name, schema]))
    expect(formFields(form(schemas, ['whole']))).to.deep.equal(
      Object.entries(fields).map(([name, [, field]]) => ({
        ...empty,
        name,
        title: name,
        ...field,
        required: name === 'whole',
      })),
    )
  })

  it('are not made up where a kind is not known', () => {
    expect(formFields(form({ a: { type: 'string' }, b: { type: 'object' } }))).to.equal(null)
    const { params, ...rest } = form({})
    expect(formFields({ ...rest, params: { ...params, requestedSchema: undefined } })).to.equal(null)
    expect(formFields({ ...rest, params: { ...params, mode: 'url' } })).to.deep.equal([])
  })

  it('say what may be answered', () => {
    const [one, text] =
      formFields(
        form({ one: { type: 'string', enum: ['a', 'b'], default: 'b' }, text: { type: 'string', minLength: 2 } }, [
          'text',
        ]),
      ) ?? []
    if (!one || !text) throw new Error('both are known')
    expect(fieldLines(one)).to.deep.equal([
      'one  (one of these; b unless you say otherwise; may be left out)',
      '  1  a',
      '  2  b',
    ])
    expect(fieldLines(text)).to.deep.equal(['text  (text; at least 2)'])
  })

  it('cannot break out of the line that is there to be copied', () => {
    const text = approvalText(form({ "'; rm -rf ~; '": { type: 'string' } }), {
      paint: createPaint(false),
      now: 0,
      commandToCopy: (words) => `share ${words}`,
    })
    expect(text).to.include(`share approve --thread t a1 --answer '{"'\\''; rm -rf ~; '\\''":"…"}'   share deny`)
  })
})
