/** What the readable outputs are given of each event. */
import { expect } from 'chai'
import { createMarkdownRenderer } from '../../../../src/render/markdown/markdown-renderer.ts'
import { readEvent } from '../../../../src/render/reading/read-event.ts'
import { createTextRenderer } from '../../../../src/render/text/text-renderer.ts'
import { reduceEvents } from '../../../../src/tui/state/transcript/reduce-events.ts'
import { emptyTranscript } from '../../../../src/tui/state/transcript/transcript.ts'
import { ada, answer, command, delta, prompt, sampleEvents } from '../../../support/samples/sample-events.ts'

const read = (method: string, params: object = {}, ownPid: number | null = null) =>
  readEvent(sampleEvents()(method, params, { by: ada }), ownPid)

describe('An event', () => {
  it('is read as the prompt, the text or the command that it is about', () => {
    const facts = { command: 'npm test', output: '', exitCode: null, durationMs: null, status: 'inProgress' }
    expect([
      read('item/completed', prompt('Run the tests', 'request-1')),
      read('item/started', answer('All')),
      read('item/agentMessage/delta', delta(' pass')),
      read('item/completed', answer('All pass.')),
      read('item/started', command()),
      read('item/commandExecution/outputDelta', delta('ok\n', 'c1')),
      read('item/completed', command({ status: 'completed', aggregatedOutput: 'ok\n', exitCode: 0, durationMs: 9 })),
    ]).to.deep.equal([
      { kind: 'prompt', who: 'ada', requestId: 'request-1', text: 'Run the tests' },
      { kind: 'textStarted', id: 'a1', type: 'agentMessage', text: 'All' },
      { kind: 'textGrown', id: 'a1', type: 'agentMessage', piece: ' pass' },
      { kind: 'text', id: 'a1', type: 'agentMessage', text: 'All pass.' },
      { kind: 'commandStarted', id: 'c1', facts },
      { kind: 'commandPrinted', id: 'c1', output: 'ok\n' },
      {
        kind: 'command',
        id: 'c1',
        facts: { ...facts, output: 'ok\n', exitCode: 0, durationMs: 9, status: 'completed' },
      },
    ])
  })

  it('of a summary is a paragraph from the second part on', () => {
    const part = (summaryIndex: number) => read('item/reasoning/summaryPartAdded', { itemId: 'r1', summaryIndex })
    expect([part(0).kind, part(1)]).to.deep.equal([
      'progress',
      { kind: 'textGrown', id: 'r1', type: 'reasoning', piece: '\n\n' },
    ])
  })

  it('is read as the plan, or as the end of the turn', () => {
    const plan = [{ step: 'Look\nclosely', status: 'completed' }, null]
    const turn = { id: 'turn-1', status: 'failed', durationMs: 1200, error: { message: 'no \u001b[1mnetwork' } }
    expect([read('turn/plan/updated', { plan, explanation: null }), read('turn/completed', { turn })]).to.deep.equal([
      {
        kind: 'steps',
        explanation: '',
        steps: [
          { text: 'Look closely', status: 'completed' },
          { text: '', status: '' },
        ],
      },
      { kind: 'turnEnd', status: 'failed', durationMs: 1200, reason: 'no ␛[1mnetwork', who: 'ada' },
    ])
  })

  it('is left out for a stated reason, or not known', () => {
    const item = (type: string) => ({ item: { type, id: 'i1' } })
    expect([
      read('skills/changed'),
      read('thread/status/changed', { status: { type: 'idle' } }),
      read('item/started', item('webSearch')),
      read('item/completed', item('sleep')),
      read('item/completed', item('constructor')),
      read('toString'),
    ]).to.deep.equal([
      { kind: 'leftOut', reason: 'belongs to the app-server or one client, not to the conversation' },
      { kind: 'leftOut', reason: 'nobody is waited for' },
      { kind: 'progress', reason: 'shown once it is complete, which for these is at once or very soon' },
      { kind: 'progress', reason: 'the model waiting' },
      { kind: 'unknown', name: 'item/completed constructor' },
      { kind: 'unknown', name: 'toString' },
    ])
  })

  it('of an answer to Codex speaks to the one whose process gave it', () => {
    const answered = { method: 'item/fileChange/requestApproval', params: {}, result: { decision: 'accept' } }
    const outcomes = [null, ada.pid, 8].map((ownPid) => read('share/approvalAnswered', answered, ownPid))
    expect(outcomes.map((readable) => 'outcome' in readable && readable.outcome.split(' by ')[1])).to.deep.equal([
      'ada',
      'you',
      'ada',
    ])
  })
})

describe('A warning that Codex says with every turn', () => {
  const warnings = () => {
    const event = sampleEvents()
    const twice = (method: string, params: object) => [event(method, params), event(method, params)]
    return [
      ...twice('warning', { message: 'no bubblewrap' }),
      ...twice('configWarning', { summary: 'an odd setting' }),
      ...twice('guardianWarning', { message: 'two reviews' }),
    ]
  }
  const once = ['! no bubblewrap', '! an odd setting', '! two reviews', '! two reviews']

  it('is in the text once', () => {
    const renderer = createTextRenderer({ colour: false })
    const text = warnings().map((event) => renderer.renderEvent(event).trim())
    expect(text.filter(Boolean)).to.deep.equal(once)
  })

  it('is in the Markdown once', () => {
    const renderer = createMarkdownRenderer()
    const text = warnings().map((event) => renderer.renderEvent(event).trim())
    expect(text.filter(Boolean)).to.deep.equal(once.map((line) => `*${line}*`))
  })

  it('is in the transcript of the UI once', () => {
    const { blocks } = reduceEvents(emptyTranscript, warnings())
    expect(blocks.map((block) => block?.kind === 'notice' && block.text)).to.deep.equal(once)
  })
})
