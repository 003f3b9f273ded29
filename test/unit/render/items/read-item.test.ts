/** The facts of an item that the readable outputs need, and changes as whoever allows them sees them. */
import { expect } from 'chai'
import { changeLines, diffLines } from '../../../../src/render/items/change-lines.ts'
import { commandFacts, itemText, promptText, readItem } from '../../../../src/render/items/read-item.ts'

const item = (fields: object) => readItem({ item: fields })

describe('An item', () => {
  it('has an id and a type, or is empty', () => {
    expect(item({ id: 'i', type: 'plan' })).to.deep.include({ id: 'i', type: 'plan' })
    expect([readItem({}), readItem({ item: 7 })]).to.deep.equal([
      { id: '', type: '', fields: {} },
      { id: '', type: '', fields: {} },
    ])
  })

  it('has a text: its own, or the parts of a summary as paragraphs', () => {
    expect(itemText(item({ type: 'agentMessage', text: 'Done.' }))).to.equal('Done.')
    expect(itemText(item({ type: 'reasoning', text: 'no', summary: ['one', 7, 'two'] }))).to.equal('one\n\n\n\ntwo')
  })

  it('is a prompt with its text, and with the kind and name of anything else', () => {
    const content = [
      { type: 'text', text: 'See' },
      { type: 'localImage', path: '/x.png' },
      { type: 'skill', name: 'review', path: '/skills/review' },
      { type: 'image', url: `data:${'x'.repeat(100)}` },
      { type: 'hologram' },
    ]
    expect(promptText(item({ content })).split('\n')).to.deep.equal([
      'See',
      '[localImage: /x.png]',
      '[skill: review]',
      `[image: data:${'x'.repeat(75)}]`,
      '[hologram]',
    ])
  })

  it('is a command as it was meant, without the shell around it', () => {
    const fields = {
      command: `/bin/bash -lc 'npm test'`,
      aggregatedOutput: 'ok\n',
      exitCode: 0,
      durationMs: 5,
      status: 'completed',
    }
    const facts = { command: 'npm test', output: 'ok\n', exitCode: 0, durationMs: 5, status: 'completed' }
    expect(commandFacts(item(fields))).to.deep.equal(facts)
    expect(commandFacts(item({ command: 'ls | wc' }))).to.deep.equal({
      ...{ command: 'ls | wc', output: '', exitCode: null, durationMs: null, status: '' },
    })
  })
})

describe('A file change', () => {
  const change = (kind: string, diff: string) => ({ path: 'a', kind, movedTo: '', diff })

  it('has its diff without the file headers, and signs where Codex sends the bare content', () => {
    const cases = [
      [change('update', '--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n'), ['@@ -1 +1 @@', '-x', '+y']],
      [change('update', '--- a\n+++ b\nno hunk'), ['--- a', '+++ b', 'no hunk']],
      [change('add', 'x\ny'), ['+x', '+y']],
      [change('delete', 'x'), ['-x']],
      [change('update', ''), []],
    ] as const
    for (const [given, lines] of cases)
      expect(
        diffLines(given).filter((line) => line !== ''),
        given.diff,
      ).to.deep.equal(lines)
  })

  it('is shown whole, with what happens to which file', () => {
    const changes = [
      { path: 'a\u001b.ts', kind: { type: 'add' }, diff: 'x' },
      { path: 'b.ts', kind: { type: 'update', move_path: 'c.ts' }, diff: '@@ -1 +1 @@\n-x\n+y' },
    ]
    expect(changeLines({ type: 'fileChange', changes })).to.deep.equal([
      'add a␛.ts',
      '+x',
      'update b.ts → c.ts',
      '@@ -1 +1 @@',
      '-x',
      '+y',
    ])
  })
})
