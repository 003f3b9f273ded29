/** How each kind of item is read once it is complete, and the notices. */
import { expect } from 'chai'
import { forgottenText } from '../../../../src/render/reading/forgotten-text.ts'
import {
  caution,
  quiet,
  readError,
  readThreadStatus,
  rememberNotice,
  warning,
} from '../../../../src/render/reading/notices.ts'
import { readCompletedItem } from '../../../../src/render/reading/read-completed-item.ts'
import { eventMaker } from '../../../support/samples/event-maker.ts'

const { make } = eventMaker()
const read = (item: object, by: string | null = null) => readCompletedItem(make('item/completed', { item }, by))
const line = (item: object) => {
  const readable = read(item)
  return readable.kind === 'tool' ? readable.line : readable.kind
}

describe('A completed item', () => {
  it('is a prompt of its author, or of the user where that is not known', () => {
    const item = { type: 'userMessage', clientId: 'r1', content: [{ type: 'text', text: 'Go' }] }
    const prompt = { kind: 'prompt', requestId: 'r1', text: 'Go' }
    expect([read(item, 'a\nda'), read(item)]).to.deep.equal([
      { ...prompt, who: 'a␊da' },
      { ...prompt, who: 'user' },
    ])
  })

  it('is text, a command, or changes', () => {
    expect(
      ['agentMessage', 'plan', 'reasoning', 'commandExecution', 'fileChange'].map((type) => read({ type }).kind),
    ).to.deep.equal([...['text', 'text', 'text', 'command', 'changes']])
  })

  it('is one line where it is mentioned and not quoted', () => {
    const cases: readonly (readonly [object, string])[] = [
      [{ type: 'mcpToolCall', server: 's', tool: 't', arguments: { a: 1 }, durationMs: 1200 }, 's/t({"a":1}) · 1.2 s'],
      [{ type: 'mcpToolCall', server: 's', tool: 't', error: { message: 'no\nway' } }, 's/t() failed: no way'],
      [
        { type: 'dynamicToolCall', tool: 't', arguments: 'x'.repeat(200), status: 'failed' },
        `t("${'x'.repeat(99)}…) failed`,
      ],
      [{ type: 'subAgentActivity', agentPath: '/a', kind: 'started' }, 'sub-agent /a started'],
      [{ type: 'webSearch', action: { queries: ['a', 'b'] } }, 'searched the web: a, b'],
      [{ type: 'webSearch', query: 'q', action: { url: 'u' } }, 'searched the web: q'],
      [{ type: 'imageView', path: '/x\u001b.png' }, 'looked at /x␛.png'],
      [{ type: 'imageGeneration' }, 'made an image'],
      [{ type: 'contextCompaction' }, 'the context was compacted'],
    ]
    for (const [item, expected] of cases) expect(line(item)).to.equal(expected)
  })

  it('is left out where it is not for people, and named where it is not known', () => {
    expect(['hookPrompt', 'functionCallOutput', 'sleep'].map((type) => line({ type }))).to.deep.equal([
      ...['progress', 'progress', 'progress'],
    ])
    expect([read({ type: 'hologram' }), read({})]).to.deep.equal([
      { kind: 'unknown', name: 'item/completed hologram' },
      { kind: 'unknown', name: 'item/completed' },
    ])
  })
})

describe('A notice', () => {
  const event = make('warning', {})

  it('has its look, and is safe for a terminal', () => {
    const words = () => 'a\u001b'
    expect([quiet, caution, warning].map((notice) => notice(words)(event))).to.deep.equal([
      { kind: 'notice', look: 'quiet', text: 'a␛', once: false },
      { kind: 'notice', look: 'caution', text: 'a␛', once: false },
      { kind: 'notice', look: 'caution', text: 'a␛', once: true },
    ])
  })

  it('is said once where Codex repeats it', () => {
    const [often, once] = [quiet(() => 'x')(event), warning(() => 'x')(event)]
    expect([rememberNotice([], once), rememberNotice(['x'], once), rememberNotice(['x'], often)]).to.deep.equal([
      ['x'],
      null,
      ['x'],
    ])
  })

  it('tells an error, and whether it is tried again', () => {
    const told = (willRetry: boolean) => readError(make('error', { error: { message: 'no network' }, willRetry }))
    const reason = 'no network'
    expect([told(false), told(true)]).to.deep.equal([
      { kind: 'error', text: '✖ no network', reason, willRetry: false },
      { kind: 'error', text: '✖ no network (trying again)', reason, willRetry: true },
    ])
  })

  it('tells whom a thread waits for, and nothing else of its status', () => {
    const status = (activeFlags: unknown) =>
      readThreadStatus(make('thread/status/changed', { status: { activeFlags } })).kind
    expect([status(['waitingOnApproval']), status(['waitingOnUserInput']), status([]), status('odd')]).to.deep.equal([
      ...['notice', 'notice', 'leftOut', 'leftOut'],
    ])
  })
})

describe('The words for what was forgotten', () => {
  it('count, and name at most three places', () => {
    const about = { threadId: 't', forgottenAt: '2026-11-27T12:00:00.000Z' }
    const text = (events: number, ids: readonly number[]) =>
      forgottenText({ params: { ...about, events, ranges: ids.map((id) => ({ from: id, to: id })) }, by: null })
    expect(text(1, [3])).to.match(/^1 event was forgotten, 2026-11-2\d \d\d:\d\d:\d\d \(id 3\)$/)
    expect(text(5, [1, 3, 5, 7, 9])).to.match(/^5 events were forgotten, .* \(ids 1, 3, 5, 2 more places\)$/)
    expect(text(0, [])).to.equal('something of this thread was forgotten')
  })
})
