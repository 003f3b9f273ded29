/** Prompts that Codex acknowledged and did not live to pass on. */
import { expect } from 'chai'
import { withUnrecordedPrompts } from '../../../../src/daemon/publishing/unrecorded-prompts.ts'
import type { NewEvent } from '../../../../src/ledger/event-text.ts'

const by = { label: 'ci', kind: 'script', pid: 1 }
const input = [{ type: 'text', text: 'hello' }]
const event = (method: string, more: Partial<NewEvent> = {}): NewEvent => ({
  ...{ threadId: 'a', turnId: 't1', atMs: 5, method, params: {}, itemId: null, by: null },
  ...more,
})
/** One that has this prompt of turn t1 as its only one. */
const turns = {
  unrecorded: (_threadId: string, turnId: string) => (turnId === 't1' ? [{ requestId: 'r1', input, by }] : []),
}

describe('Prompts that Codex did not pass on', () => {
  it('come right before the end of their turn, in the form of Codex, with their author', () => {
    const end = event('turn/completed')
    const [prompt, ...rest] = withUnrecordedPrompts([end, event('turn/completed', { turnId: 't2' })], turns)
    const item = {
      startedAtMs: 5,
      completedAtMs: 5,
      type: 'userMessage',
      id: 'share-r1',
      clientId: 'r1',
      content: input,
    }
    expect(prompt).to.deep.equal(
      event('item/completed', {
        params: { item, threadId: 'a', turnId: 't1', contentTokenCount: null, completedAtMs: 5 },
        ...{ itemId: 'share-r1', requestId: 'r1', by },
      }),
    )
    expect(rest.map(({ method }) => method)).to.deep.equal(['turn/completed', 'turn/completed'])
  })

  it('do not come again where they are among the events already', () => {
    const events = [event('item/completed', { requestId: 'r1' }), event('turn/completed')]
    expect(withUnrecordedPrompts(events, turns)).to.deep.equal(events)
  })

  it('are not looked for while no turn ends', () => {
    const events = [event('item/started')]
    expect(withUnrecordedPrompts(events, { unrecorded: () => expect.fail('asked') })).to.equal(events)
  })
})
