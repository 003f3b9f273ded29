/** Forms filled in field by field, with the keys that do it. */
import { expect } from 'chai'
import { intentsOfKey, intentsOfPaste } from '../../../../src/tui/input/key-map.ts'
import type { ApprovalPrompt } from '../../../../src/tui/state/approvals.ts'
import { readApproval } from '../../../../src/tui/state/approvals.ts'
import { reduceUi } from '../../../../src/tui/state/reduce-ui.ts'
import { startingState, type UiState } from '../../../../src/tui/state/ui-state.ts'

const start = startingState({ cwd: '/', readOnly: false, draft: '', history: [], now: 0 })

function form(properties: object, required: readonly string[] = []): ApprovalPrompt {
  const params = {
    serverName: 's',
    mode: 'form',
    message: 'm',
    requestedSchema: { type: 'object', properties, required },
  }
  return readApproval({ id: 7, method: 'mcpServer/elicitation/request', params, item: null })
}

const asked = (approval: ApprovalPrompt): UiState =>
  [{ type: 'approval', approval } as const, { type: 'focus', on: 'approval' } as const].reduce(reduceUi, start)

/** Types texts and presses keys (in brackets); gives the state, and what was answered. */
function pressed(
  state: UiState,
  ...keys: readonly string[]
): { readonly state: UiState; readonly answers: readonly unknown[] } {
  const answers: unknown[] = []
  let now = state
  for (const key of keys) {
    const [, name = ''] = /^\[(.+)\]$/.exec(key) ?? []
    for (const intent of intentsOfKey(now, name ? { name, text: '' } : { name: 'text', text: key })) {
      if (!('do' in intent)) now = reduceUi(now, intent)
      else if (intent.do === 'answer') answers.push(intent.answer)
    }
  }
  return { state: now, answers }
}

describe('A form', () => {
  it('is opened with a key, taken field by field, and sent with the last', () => {
    const approval = form(
      {
        channel: { type: 'string', enum: ['stable', 'beta'] },
        count: { type: 'integer', default: 3 },
        more: { type: 'array', items: { enum: ['x', 'y', 'z'] } },
        name: { type: 'string' },
        note: { type: 'string' },
        sure: { type: 'boolean' },
      },
      ['channel', 'name', 'sure'],
    )
    expect(approval.choices.map(({ key, label }) => `${key} ${label}`)).to.deep.equal([
      'f Answer all 6…',
      'n No; Codex goes on without it',
    ])
    const { answers } = pressed(
      asked(approval),
      ...['f', '2', '[enter]', '[enter]', 'z, 1', '[enter]', 'spring', '[enter]', '[enter]', 'Yes', '[enter]'],
    )
    const content = { channel: 'beta', count: 3, more: ['z', 'x'], name: 'spring', sure: true }
    expect(answers).to.deep.equal([{ action: 'accept', content, _meta: null }])
  })

  it('takes nothing that does not fit, and says why', () => {
    const problems = (schema: object, ...typed: readonly string[]) =>
      typed.map(
        (text) =>
          pressed(asked(form({ it: schema }, ['it'])), 'f', ...(text === '' ? [] : [text]), '[enter]').state.form
            ?.problem,
      )
    expect(problems({ type: 'string', minLength: 2 }, '', 'a')).to.deep.equal([
      'this cannot be left out',
      'at least 2 characters',
    ])
    expect(problems({ type: 'integer', maximum: 9 }, 'x', '1.5', '10')).to.deep.equal([
      ...['a number is needed here', 'a number is needed here', 'at most 9'],
    ])
    expect(problems({ type: 'boolean' }, 'maybe')).to.deep.equal(['yes or no?'])
    expect(problems({ type: 'string', enum: ['a', 'b'] }, '0', '3', 'c')).to.deep.equal(
      Array(3).fill('a number from 1 to 2'),
    )
    expect(problems({ type: 'array', items: { enum: ['a', 'b'] }, maxItems: 1 }, 'a c', 'a b')).to.deep.equal([
      ...['numbers from 1 to 2, with commas', 'at most 1 of them'],
    ])
  })

  it('goes back with Escape, keeps what was written, and ends at the choices', () => {
    const both = asked(form({ a: { type: 'string' }, b: { type: 'string' } }))
    const there = pressed(both, 'f', 'one', '[enter]', 'two', '[escape]').state
    expect([there.form?.at, there.form?.input.text]).to.deep.equal([0, 'one'])
    expect(pressed(there, '!', '[enter]', '[enter]').answers).to.deep.equal([
      { action: 'accept', content: { a: 'one!', b: 'two' }, _meta: null },
    ])
    expect(pressed(there, '[escape]').state.form).to.equal(null)
  })

  it('waits while the draft is written, and takes a paste only when it has the keys', () => {
    const open = pressed(asked(form({ a: { type: 'string' } })), 'f', 'x').state
    const away = pressed(open, '[tab]', 'draft').state
    expect([away.composer.text, away.form?.input.text]).to.deep.equal(['draft', 'x'])
    const edit = { edit: 'insert', text: 'pasted' }
    expect(intentsOfPaste(away, 'pasted')).to.deep.equal([{ type: 'edit', edit }])
    const back = pressed(away, '[tab]').state
    expect(intentsOfPaste(back, 'pasted')).to.deep.equal([{ type: 'formEdit', edit }])
    expect(pressed(back, '[enter]').answers).to.have.lengthOf(1)
  })

  it('is gone with its question', () => {
    const open = pressed(asked(form({ a: { type: 'string' } })), 'f', 'x').state
    const other = { ...form({ a: { type: 'string' } }), id: 8 }
    const next = [
      { type: 'approval', approval: other } as const,
      { type: 'resolved', id: 7, outcome: 'answered by ben' } as const,
      { type: 'focus', on: 'approval' } as const,
    ].reduce(reduceUi, open)
    expect(pressed(next, 'f', '[enter]').answers).to.deep.equal([{ action: 'accept', content: {}, _meta: null }])
  })
})

describe('A question of the model', () => {
  const options = [
    { label: 'staging', description: 'safe' },
    { label: 'production', description: '' },
  ]
  const question = (id: string, more: object) => ({
    id,
    header: id,
    question: `${id}?`,
    isOther: false,
    isSecret: false,
    options,
    ...more,
  })
  const ask = (...questions: object[]) =>
    asked(readApproval({ id: 7, method: 'item/tool/requestUserInput', params: { questions }, item: null }))

  it('with options is answered with one key, or with words of one’s own', () => {
    expect(pressed(ask(question('where', {})), '2').answers).to.deep.equal([
      { answers: { where: { answers: ['production'] } } },
    ])
    const free = ask(question('where', { isOther: true }))
    expect(free.approvals[0]?.choices.map(({ key, label }) => `${key} ${label}`)).to.deep.equal([
      ...['1 staging  safe', '2 production', 'f Something else…', 'n No; Codex goes on without it'],
    ])
    expect(pressed(free, 'f', 'the moon', '[enter]').answers).to.deep.equal([
      { answers: { where: { answers: ['the moon'] } } },
    ])
  })

  it('is one of several: each is answered, or left out', () => {
    const two = ask(question('where', {}), question('why', { options: null }))
    expect(pressed(two, 'f', 'staging', '[enter]', '[enter]').answers).to.deep.equal([
      { answers: { where: { answers: ['staging'] } } },
    ])
  })
})
