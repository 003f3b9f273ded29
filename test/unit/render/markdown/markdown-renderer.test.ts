/** A thread as a Markdown document. */
import { expect } from 'chai'
import { createMarkdownRenderer } from '../../../../src/render/markdown/markdown-renderer.ts'
import { ada, answer, command, delta, prompt, sampleEvents } from '../../../support/samples/sample-events.ts'

describe('The Markdown form', () => {
  it('has prompts quoted, answers as they are, commands and diffs fenced', () => {
    const [event, renderer] = [sampleEvents(), createMarkdownRenderer()]
    const changes = [{ path: 'a.ts', kind: { type: 'update' }, diff: '@@ -1 +1 @@\n-a\n+b\n' }]
    const document = [
      event('item/completed', prompt('Fix\nit'), { by: ada, at: new Date(2026, 10, 22, 9, 8, 7).toISOString() }),
      event('item/agentMessage/delta', delta('Do')),
      event('item/completed', command({ aggregatedOutput: 'has ``` inside\n', exitCode: 2 })),
      event('item/completed', { item: { type: 'fileChange', id: 'f', status: 'completed', changes } }),
      event('item/completed', answer('# Done\n\nAll *good*.\n')),
      event('turn/completed', { turn: { status: 'completed', durationMs: 3000 } }),
    ].map((made) => renderer.renderEvent(made))
    expect(document.join('') + renderer.finish()).to.equal(
      [
        '## ada · 2026-11-22 09:08:07',
        '',
        '> Fix',
        '> it',
        '',
        '````console',
        '$ npm test',
        'has ``` inside',
        '````',
        '',
        '*exit 2*',
        '',
        '**`a.ts`**',
        '',
        '```diff',
        '@@ -1 +1 @@',
        '-a',
        '+b',
        '```',
        '',
        '# Done',
        '',
        'All *good*.',
        '',
        '*Turn completed, 3.0 s*',
        '',
        '---',
        '',
        '',
      ].join('\n'),
    )
  })

  it('says what is no longer kept', () => {
    expect(createMarkdownRenderer().renderGap({ threadId: 't', from: 1, to: 9, reason: 'lost' })).to.equal(
      '*Events 1 to 9 are no longer kept (lost).*\n\n',
    )
  })
})
