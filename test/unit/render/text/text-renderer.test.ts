/** The readable log, event by event. */
import { expect } from 'chai'
import { createTextRenderer, type TextRendererOptions } from '../../../../src/render/text/text-renderer.ts'
import { ada, answer, command, delta, prompt, sampleEvents } from '../../../support/samples/sample-events.ts'

type Make = ReturnType<typeof sampleEvents>

/** What is written for the events, with the times of day taken out: they are local. */
function textOf(make: (event: Make) => ReturnType<Make>[], options: Partial<TextRendererOptions> = {}): string {
  const renderer = createTextRenderer({ colour: false, today: '2026-11-22', ...options })
  const text = make(sampleEvents()).map((event) => renderer.renderEvent(event))
  return (text.join('') + renderer.finish()).replaceAll(/\d\d:\d\d:\d\d/g, 'hh:mm:ss')
}

describe('The text renderer', () => {
  it('says by whom the thread was taken back, where that is known', () => {
    const text = textOf((event) => [event('thread/reverted', {}, { by: ada }), event('thread/reverted', {})])
    const line = '– the thread was taken back to an earlier point'
    expect(text.trimEnd().split('\n\n')).to.deep.equal([`${line}, by ada`, line])
  })

  it('shows a whole turn: who asked, what was run, what was answered, how it ended', () => {
    const text = textOf((event) => [
      event('turn/started', { turn: { id: 'turn-1', status: 'inProgress' } }),
      event('item/started', prompt('Run the tests')),
      event('item/completed', prompt('Run the tests'), { by: ada }),
      event('item/started', command()),
      event(
        'item/completed',
        command({ status: 'completed', aggregatedOutput: 'ok\n', exitCode: 0, durationMs: 3210 }),
      ),
      event('item/started', answer('')),
      event('item/agentMessage/delta', delta('All ')),
      event('item/agentMessage/delta', delta('pass.')),
      event('item/completed', answer('All pass.')),
      event('turn/completed', { turn: { id: 'turn-1', status: 'completed', durationMs: 4000, error: null } }),
    ])
    expect(text).to.equal(
      [
        'ada  hh:mm:ss',
        'Run the tests',
        '',
        'codex  hh:mm:ss',
        '$ npm test',
        '  ok',
        '  exit 0 · 3.2 s',
        '',
        'All pass.',
        '',
        '✔ completed in 4.0 s',
        '',
      ].join('\n'),
    )
  })

  describe('shows an answer once, whatever part of its deltas was seen', () => {
    const started = (event: Make) => event('item/started', answer(''))
    const piece = (event: Make, text: string) => event('item/agentMessage/delta', delta(text))
    const completed = (event: Make) => event('item/completed', answer('One two three.'))
    const seen: Record<string, (event: Make) => ReturnType<Make>[]> = {
      'all of them': (event) => [started(event), piece(event, 'One two '), piece(event, 'three.'), completed(event)],
      none: (event) => [started(event), completed(event)],
      'all but the last': (event) => [started(event), piece(event, 'One '), completed(event)],
      'all but the first': (event) => [piece(event, 'three.'), completed(event)],
      'a start with text': (event) => [event('item/started', answer('One ')), completed(event)],
      'a start with text, and more': (event) => [
        event('item/started', answer('One ')),
        piece(event, 'two '),
        completed(event),
      ],
    }
    for (const [what, events] of Object.entries(seen))
      it(what, () => {
        const whole = 'codex  hh:mm:ss\nOne two three.\n'
        expect([textOf(events), textOf(events, { live: true })]).to.deep.equal([whole, whole])
      })
  })

  it('shows a text that grew into another once where nobody watches, and says so where it has been seen', () => {
    const events = (event: Make) => [
      event('item/started', answer('')),
      event('item/agentMessage/delta', delta('One ')),
      event('item/agentMessage/delta', delta('three.')),
      event('item/completed', answer('One two three.')),
    ]
    expect([textOf(events), textOf(events, { live: true })]).to.deep.equal([
      'codex  hh:mm:ss\nOne two three.\n',
      'codex  hh:mm:ss\nOne three.\n\n… the text above is not how it ended; here is the whole:\n\nOne two three.\n',
    ])
  })

  it('streams for somebody who watches: each delta is written as it comes', () => {
    const renderer = createTextRenderer({ colour: false, today: '2026-11-22', live: true })
    const event = sampleEvents()
    renderer.renderEvent(event('item/started', answer('')))
    renderer.renderEvent(event('item/agentMessage/delta', delta('One')))
    expect(renderer.renderEvent(event('item/agentMessage/delta', delta(' two')))).to.equal(' two')
  })

  it('keeps two texts apart that grow at the same time', () => {
    const events = (event: Make) => [
      event('item/started', answer('', 'a1')),
      event('item/started', answer('', 'a2')),
      event('item/agentMessage/delta', delta('first', 'a1')),
      event('item/agentMessage/delta', delta('second', 'a2')),
      event('item/completed', answer('first one', 'a1')),
      event('item/completed', answer('second', 'a2')),
    ]
    expect([textOf(events), textOf(events, { live: true })]).to.deep.equal([
      'codex  hh:mm:ss\nfirst one\n\nsecond\n',
      'codex  hh:mm:ss\nfirst\n\nsecond\n\n one\n',
    ])
  })

  it('folds long output and keeps its beginning and its end', () => {
    const output = Array.from({ length: 132 }, (_, line) => `line ${line + 1}`).join('\n')
    const text = textOf((event) => [
      event('item/completed', command({ status: 'failed', aggregatedOutput: output, exitCode: 1, durationMs: 80 })),
    ])
    expect(text.split('\n').slice(1)).to.deep.equal([
      '$ npm test',
      ...[1, 2, 3, 4].map((line) => `  line ${line}`),
      '  … 120 more lines',
      ...[125, 126, 127, 128, 129, 130, 131, 132].map((line) => `  line ${line}`),
      '  exit 1 · 80 ms',
      '',
    ])
  })

  it('names the command again when something came between its start and its end', () => {
    const text = textOf((event) => [
      event('item/started', command()),
      event('item/completed', answer('Meanwhile.')),
      event('item/completed', command({ status: 'declined' })),
    ])
    expect(text).to.equal('codex  hh:mm:ss\n$ npm test\n\nMeanwhile.\n\n$ npm test\n  declined\n')
  })

  it('shows file changes as short diffs', () => {
    const changes = [
      {
        path: 'src/a.ts',
        kind: { type: 'update', move_path: null },
        diff: '--- a\n+++ b\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n',
      },
      { path: 'new.txt', kind: { type: 'add' }, diff: 'hello\n' },
      { path: 'old.txt', kind: { type: 'delete' }, diff: 'bye\n' },
    ]
    const text = textOf((event) => [
      event('item/completed', { item: { type: 'fileChange', id: 'f1', status: 'completed', changes } }),
    ])
    expect(text.split('\n').slice(1)).to.deep.equal([
      '± src/a.ts  +1 -1',
      '  @@ -1,2 +1,2 @@',
      '   one',
      '  -two',
      '  +2',
      '',
      '+ new.txt  +1 -0',
      '  +hello',
      '',
      '- old.txt  +0 -1',
      '  -bye',
      '',
    ])
  })

  it('shows plans, reasoning, tool calls and warnings', () => {
    const text = textOf((event) => [
      event('item/started', { item: { type: 'reasoning', id: 'r1', summary: [], content: [] } }),
      event('item/reasoning/summaryPartAdded', { itemId: 'r1', summaryIndex: 0 }),
      event('item/reasoning/summaryTextDelta', { itemId: 'r1', delta: 'First thought.' }),
      event('item/reasoning/summaryPartAdded', { itemId: 'r1', summaryIndex: 1 }),
      event('item/reasoning/summaryTextDelta', { itemId: 'r1', delta: 'Second.' }),
      event('item/completed', {
        item: { type: 'reasoning', id: 'r1', summary: ['First thought.', 'Second.'], content: [] },
      }),
      event('turn/plan/updated', {
        explanation: null,
        plan: [
          { step: 'Look', status: 'completed' },
          { step: 'Mend', status: 'inProgress' },
          { step: 'Test', status: 'pending' },
        ],
      }),
      event('item/completed', {
        item: {
          type: 'mcpToolCall',
          id: 'm1',
          server: 'gh',
          tool: 'issue',
          arguments: { n: 7 },
          durationMs: 120,
          error: null,
        },
      }),
      event('warning', { message: 'Slow network.' }),
      event('warning', { message: 'Slow network.' }),
      event('thread/status/changed', { status: { type: 'active', activeFlags: ['waitingOnApproval'] } }),
      event('thread/status/changed', { status: { type: 'idle' } }),
    ])
    expect(text).to.equal(
      [
        'codex  hh:mm:ss',
        'First thought.',
        '',
        'Second.',
        '',
        'Plan',
        '  ✔ Look',
        '  ▸ Mend',
        '  ○ Test',
        '',
        '▸ gh/issue({"n":7}) · 0.1 s',
        '',
        '! Slow network.',
        '',
        '⏸ waiting for an approval',
        '',
      ].join('\n'),
    )
  })

  it('tells why and by whom a turn ended early, and a reason only once', () => {
    const failed = { turn: { status: 'failed', durationMs: 65_000, error: { message: 'no network' } } }
    const interrupted = { turn: { status: 'interrupted', durationMs: null, error: null } }
    expect({
      failed: textOf((event) => [event('turn/completed', failed)]),
      toldBefore: textOf((event) => [
        event('error', { error: { message: 'no network' }, willRetry: false }),
        event('error', { error: { message: 'no network' }, willRetry: false }),
        event('thread/status/changed', { status: { type: 'systemError' } }),
        event('turn/completed', failed),
      ]),
      interrupted: textOf((event) => [event('turn/completed', interrupted, { by: ada })]),
    }).to.deep.equal({
      failed: '✖ failed after 1 min 5 s: no network\n',
      toldBefore: '✖ no network\n\n✖ failed after 1 min 5 s\n',
      interrupted: '■ interrupted by ada\n',
    })
  })

  it('folds a long prompt, also one that is a single line', () => {
    const lines = textOf((event) => [
      event('item/completed', prompt(Array.from({ length: 100 }, (_, line) => `line ${line}`).join('\n')), { by: ada }),
    ]).split('\n')
    expect([lines.length, lines[31], lines[37]]).to.deep.equal([39, '… 64 more lines', 'line 99'])
    const [, line = ''] = textOf((event) => [event('item/completed', prompt('x'.repeat(5000)), { by: ada })]).split(
      '\n',
    )
    expect(line).to.equal(`${'x'.repeat(2000)}… 3000 more characters`)
  })

  it("leaves the reader's own prompt out, and nobody else's", () => {
    const text = textOf(
      (event) => [
        event('item/completed', prompt('mine', 'request-1'), { by: ada }),
        event('item/completed', prompt('theirs', 'request-2')),
      ],
      { ownRequestId: 'request-1' },
    )
    expect(text).to.equal('user  hh:mm:ss\ntheirs\n')
  })

  it('lets nothing of a model or a command control the terminal', () => {
    const text = textOf((event) => [
      event('item/completed', answer('a\u001b[31mred\u001b[0m\u001b]0;title\u0007\u009b2J\u202eb\u0008')),
      event('item/completed', command({ aggregatedOutput: '10%\r50%\r100%\r\n\u001b[2Kdone\n', exitCode: 0 })),
    ])
    // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them is the point
    expect(text).not.to.match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
    expect(text).to.include('100%\n  done\n')
  })

  it('fits a narrow terminal, with wide characters counted as two', () => {
    const output = `${'漢'.repeat(40)}\nshort\n`
    const text = textOf((event) => [event('item/completed', command({ aggregatedOutput: output, exitCode: 0 }))], {
      width: 20,
    })
    expect(text.split('\n')[2]).to.equal(`  ${'漢'.repeat(8)}…`)
  })

  it('tells the day when it is not the one that needs no mention', () => {
    const text = textOf((event) => [
      event('item/completed', prompt('hi'), { at: new Date(2026, 10, 21, 12).toISOString() }),
    ])
    expect(text).to.equal('── 2026-11-21 ──\n\nuser  hh:mm:ss\nhi\n')
  })

  it('passes over what it knows and does not show, and tells of the unknown only when asked', () => {
    const events = (event: Make) => [
      event('thread/tokenUsage/updated', { tokenUsage: {} }),
      event('item/completed', { item: { type: 'sleep', id: 's1', durationMs: 5 } }),
      event('hologram/projected', { size: 3 }),
      event('item/completed', { item: { type: 'hologram', id: 'h1' } }),
    ]
    expect({ usual: textOf(events), verbose: textOf(events, { verbose: true }) }).to.deep.equal({
      usual: '',
      verbose:
        '· hologram/projected {"threadId":"thread-1","turnId":"turn-1","size":3}\n\n' +
        '· item/completed hologram {"threadId":"thread-1","turnId":"turn-1","item":{"type":"hologram","id":"h1"}}\n',
    })
  })

  it('says what is no longer kept', () => {
    const renderer = createTextRenderer({ colour: false })
    expect(renderer.renderGap({ threadId: 'thread-1', from: 3, to: 50, reason: 'pruned' })).to.equal(
      '… events 3 to 50 are no longer kept (pruned)\n',
    )
  })

  it('survives events whose members are of the wrong kind', () => {
    const events = (event: Make) =>
      [
        'item/started',
        'item/completed',
        'turn/completed',
        'turn/plan/updated',
        'error',
        'warning',
        'thread/status/changed',
      ].map((method) => event(method, { item: 7, turn: 'x', plan: {}, error: [], message: null, status: 1 }))
    expect(() => textOf(events)).not.to.throw()
  })

  it('colours nothing unless told to', () => {
    const event = sampleEvents()('item/completed', prompt('hi'), { by: ada })
    const coloured = createTextRenderer({ colour: true, today: '2026-11-22' }).renderEvent(event)
    expect(coloured.startsWith('\u001b[1mada\u001b[22m')).to.equal(true)
  })
})
