/** Text of others stays inside of what is made around it. */
import { expect } from 'chai'
import {
  changeMarkdown,
  endedCommandMarkdown,
  paragraph,
  promptMarkdown,
  stepsMarkdown,
  textMarkdown,
  turnMarkdown,
} from '../../../../src/render/markdown/markdown-blocks.ts'
import { codeBlock, codeSpan, emphasis, plainText } from '../../../../src/render/markdown/markdown-parts.ts'

describe('A part of a Markdown document', () => {
  it('is a code span with more backticks than the text has, and room where they touch', () => {
    expect(['a', 'a`b', '`a', 'a``', ' a '].map(codeSpan)).to.deep.equal([
      '`a`',
      '``a`b``',
      '`` `a ``',
      '``` a`` ```',
      '`  a  `',
    ])
  })

  it('is a code block with a longer fence than any inside', () => {
    expect(codeBlock('sh', ['a'])).to.equal('```sh\na\n```\n\n')
    expect(codeBlock('', ['````'])).to.equal('`````\n````\n`````\n\n')
  })

  it('is emphasised line by line, and has nothing that Markdown or HTML reads', () => {
    expect(emphasis(' a\n\nb* ')).to.equal('*a*\\\n*b\\**\n\n')
    expect(plainText('a `b` *c* _d_ ~e~ <f> [g] & \\')).to.equal(
      'a \\`b\\` \\*c\\* \\_d\\_ \\~e\\~ \\<f\\> \\[g\\] \\& \\\\',
    )
  })
})

describe('A block of a Markdown document', () => {
  const command = { command: 'npm test', output: 'ok\n', exitCode: 0, durationMs: null, status: 'completed' }

  it('is a command with how it ended, unless that was well', () => {
    const shown = '```console\n$ npm test\nok\n```\n\n'
    expect(
      [
        command,
        { ...command, exitCode: 2 },
        { ...command, exitCode: null, status: 'declined' },
        { ...command, exitCode: null },
      ].map(endedCommandMarkdown),
    ).to.deep.equal([shown, `${shown}*exit 2*\n\n`, `${shown}*declined*\n\n`, shown])
  })

  it('is a change under its path, from where to where', () => {
    const change = { path: 'a.ts', kind: 'add', movedTo: '', diff: 'x' }
    expect(changeMarkdown(change)).to.equal('**`a.ts`**\n\n```diff\n+x\n```\n\n')
    expect(changeMarkdown({ ...change, movedTo: 'b.ts' })).to.match(/^\*\*`a\.ts` → `b\.ts`\*\*/)
  })

  it('is a prompt as a quotation under its author, steps as a list, and reasoning folded', () => {
    const at = new Date(2026, 10, 22, 9, 8, 7).toISOString()
    expect(promptMarkdown({ who: 'a*da', text: 'Fix\n\nit', at })).to.equal(
      '## a\\*da · 2026-11-22 09:08:07\n\n> Fix\n>\n> it\n\n',
    )
    const steps = [
      { text: 'one', status: 'completed' },
      { text: 'two', status: 'inProgress' },
    ]
    expect(stepsMarkdown({ explanation: '', steps })).to.equal('- [x] one\n- [ ] two\n\n')
    expect(textMarkdown('reasoning', 'Why\n\n')).to.equal(
      '<details><summary>Reasoning</summary>\n\nWhy\n\n</details>\n\n',
    )
    expect([textMarkdown('plan', 'x'), textMarkdown('reasoning', '')]).to.deep.equal(['x', ''])
    expect(['a\n\n\n', '\n'].map(paragraph)).to.deep.equal(['a\n\n', ''])
  })

  it('is the end of a turn, with the reason, and with who interrupted it', () => {
    const end = { status: 'completed', durationMs: 3000, reason: '', who: 'ada' }
    expect(
      [
        end,
        { ...end, status: 'failed', reason: 'no `network`' },
        { ...end, status: 'interrupted', durationMs: null },
      ].map(turnMarkdown),
    ).to.deep.equal([
      '*Turn completed, 3.0 s*\n\n---\n\n',
      '*Turn failed, 3.0 s: no \\`network\\`*\n\n---\n\n',
      '*Turn interrupted by ada*\n\n---\n\n',
    ])
  })
})
