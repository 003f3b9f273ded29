/** Results of a Codex that is not the one whose types this was built with. */
import { expect } from 'chai'
import { asResultOf } from '../../../../src/codex/decoding/upstream-results.ts'
import { ShareError } from '../../../../src/protocol/errors.ts'

describe('What Codex answers', () => {
  const item = { type: 'agentMessage', id: 'i1', text: 'said', startedAtMs: 1, completedAtMs: 2 }
  const turn = {
    id: 't1',
    rootTurnId: 't1',
    status: 'completed',
    items: [item],
    startedAt: 1,
    completedAt: 2,
    durationMs: 9,
  }
  const page = (more: object) => ({ data: [{ ...turn, ...more }], nextCursor: null, backwardsCursor: null })

  it('is passed on as it came, with what is new in it', () => {
    const result = page({ startedBy: 'ada', items: [{ ...item, mood: 'glad' }] })
    expect(asResultOf('thread/turns/list', result)).to.equal(result)
  })

  const otherwise = [
    ['an id that is a number', page({ id: 7 }), 'data.0.id'],
    ['items that are no list', page({ items: {} }), 'data.0.items'],
    ['an item without an id', page({ items: [{ ...item, id: undefined }] }), 'data.0.items.0.id'],
    ['a time in words', page({ completedAt: 'noon' }), 'data.0.completedAt'],
    ['no list', { turns: [] }, 'data'],
    ['no object', 'done', 'the result'],
  ] as const
  for (const [what, result, member] of otherwise)
    it(`is an error that names the call and the member, for ${what}`, () => {
      const read = () => asResultOf('thread/turns/list', result)
      expect(read).to.throw(
        ShareError,
        `Codex answered thread/turns/list in a form that is not known here: ${member}: `,
      )
    })
})
