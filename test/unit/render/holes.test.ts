/** Texts in which something was missed: where the hole is shown, and that nothing is written twice or lost. */
import { expect } from 'chai'
import type { ShareEvent } from '../../../src/protocol/events.ts'
import { createMarkdownRenderer } from '../../../src/render/markdown/markdown-renderer.ts'
import { createTextRenderer } from '../../../src/render/text/text-renderer.ts'
import { ada, answer, command, delta, prompt, sampleEvents } from '../../support/samples/sample-events.ts'

type Make = ReturnType<typeof sampleEvents>

/** What is written for the events where nobody watches, on a terminal, and as Markdown, without the times and headings. */
function shown(make: (event: Make) => ShareEvent[]): { piped: string; live: string; markdown: string } {
  const write = (renderer: ReturnType<typeof createMarkdownRenderer>) => {
    const pieces = make(sampleEvents()).map((event) => renderer.renderEvent(event))
    return (pieces.join('') + renderer.finish()).replace(/codex {2}[\d:]+\n/, '')
  }
  const text = { colour: false, today: '2026-11-22' }
  return {
    piped: write(createTextRenderer(text)),
    live: write(createTextRenderer({ ...text, live: true })),
    markdown: write(createMarkdownRenderer()),
  }
}

const missed = (event: Make, ...itemIds: string[]) => event('share/missed', { itemIds })
const piece = (event: Make, text: string) => event('item/agentMessage/delta', delta(text))
const interrupted = (event: Make) =>
  event('turn/completed', { turn: { status: 'interrupted', durationMs: 2000, error: null } }, { by: ada })
const holed = (event: Make) => [
  event('item/started', answer('')),
  piece(event, 'One two'),
  missed(event, 'a1'),
  piece(event, ' five'),
  piece(event, ' six'),
]
const forNow = '… some of this text was missed; the whole follows once it is complete\n'
const forGood = '… some of this text is missing\n'

describe('A text in which something was missed', () => {
  it('is written whole, once, when it is complete; a terminal that shows its beginning gets the rest', () => {
    const completed = (event: Make) => [...holed(event), event('item/completed', answer('One two three four five six'))]
    expect(shown(completed)).to.deep.equal({
      piped: 'One two three four five six\n',
      live: `One two\n\n${forNow}\n three four five six\n`,
      markdown: 'One two three four five six\n\n',
    })
  })

  it('keeps its hole for good when its turn ends before it is complete, with what came behind it', () => {
    expect(shown((event) => [...holed(event), interrupted(event)])).to.deep.equal({
      piped: `One two\n\n${forGood}\n five six\n\n■ interrupted by ada after 2.0 s\n`,
      live: `One two\n\n${forNow}\n${forGood}\n five six\n\n■ interrupted by ada after 2.0 s\n`,
      markdown:
        'One two\n\n*… some of this text is missing*\n\n five six\n\n*Turn interrupted by ada, 2.0 s*\n\n---\n\n',
    })
  })

  it('has one mark for each hole, also at its beginning and its end, and none for a hole in a hole', () => {
    const events = (event: Make) => [
      missed(event, 'a1'),
      piece(event, 'two'),
      missed(event, 'a1'),
      missed(event, 'a1'),
      piece(event, 'four'),
      missed(event, 'a1'),
      interrupted(event),
    ]
    const { piped, live } = shown(events)
    const body = `${forGood}\ntwo\n\n${forGood}\nfour\n\n${forGood}\n■ interrupted by ada after 2.0 s\n`
    expect([piped, live]).to.deep.equal([body, `${forNow}\n${body}`])
  })

  it('is shown as far as it is known when nothing follows yet', () => {
    const { piped, markdown } = shown(holed)
    expect([piped, markdown]).to.deep.equal([
      `One two\n\n${forGood}\n five six\n`,
      'One two\n\n*… some of this text is missing*\n\n five six\n\n',
    ])
  })

  it('is also the output of a command that its turn left running', () => {
    const events = (event: Make) => [
      event('item/started', command()),
      event('item/commandExecution/outputDelta', delta('one\n', 'c1')),
      missed(event, 'c1'),
      event('item/commandExecution/outputDelta', delta('three\n', 'c1')),
      interrupted(event),
    ]
    const end = '■ interrupted by ada after 2.0 s\n'
    const text = `$ npm test\n  one\n  … some of this text is missing\n  three\n  not finished\n\n${end}`
    expect(shown(events)).to.deep.equal({
      piped: text,
      live: text,
      markdown:
        '```console\n$ npm test\none\n… some of this text is missing\nthree\n```\n\n*not finished*\n\n' +
        '*Turn interrupted by ada, 2.0 s*\n\n---\n\n',
    })
  })
})

describe('An answer that its turn leaves open', () => {
  const begun = (event: Make) => [event('item/started', answer('')), piece(event, 'As far as'), piece(event, ' this')]

  it('is there, with whoever steered the turn', () => {
    const { piped, live, markdown } = shown((event) => [
      ...begun(event),
      event('item/completed', prompt('shorter'), { by: ada }),
      event('item/started', answer('', 'a2')),
      event('item/completed', answer('Short.', 'a2')),
      event('item/completed', prompt('thanks'), { by: ada }),
    ])
    const text = /^As far as this\n\n■ cut short by ada\n\nada .*\nshorter\n\ncodex .*\nShort\.\n\nada .*\nthanks\n$/
    expect(piped).to.match(text)
    expect(live).to.match(text)
    expect(markdown).to.match(
      /^As far as this\n\n\*■ cut short by ada\*\n\n## ada .*\n\n> shorter\n\nShort\.\n\n## ada .*\n\n> thanks\n\n$/,
    )
  })

  it('is there, with why the turn failed', () => {
    const failed = { turn: { status: 'failed', durationMs: 2000, error: { message: 'no network' } } }
    const { piped, live, markdown } = shown((event) => [...begun(event), event('turn/completed', failed)])
    expect([piped, live, markdown]).to.deep.equal([
      ...Array.from({ length: 2 }, () => 'As far as this\n\n✖ failed after 2.0 s: no network\n'),
      'As far as this\n\n*Turn failed, 2.0 s: no network*\n\n---\n\n',
    ])
  })

  it('is there when it was reasoning, or a plan', () => {
    const { markdown } = shown((event) => [
      event('item/started', { item: { type: 'reasoning', id: 'r1', summary: [], content: [] } }),
      event('item/reasoning/summaryPartAdded', { itemId: 'r1', summaryIndex: 0 }),
      event('item/reasoning/summaryTextDelta', delta('First', 'r1')),
      event('item/reasoning/summaryPartAdded', { itemId: 'r1', summaryIndex: 1 }),
      event('item/reasoning/summaryTextDelta', delta('Second', 'r1')),
      event('item/started', { item: { type: 'plan', id: 'p1', text: '' } }),
      event('item/plan/delta', delta('1. Look', 'p1')),
      interrupted(event),
    ])
    expect(markdown).to.equal(
      '<details><summary>Reasoning</summary>\n\nFirst\n\nSecond\n\n</details>\n\n1. Look\n\n' +
        '*Turn interrupted by ada, 2.0 s*\n\n---\n\n',
    )
  })
})
