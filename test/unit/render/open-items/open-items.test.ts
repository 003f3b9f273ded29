/** Items that are not complete yet: what came of them, and where something is missing. */
import { expect } from 'chai'
import { GrowingItems, isGrowingType } from '../../../../src/render/open-items/growing-items.ts'
import {
  addHole,
  appendPiece,
  beginningMissed,
  hasContent,
  hole,
  nothingYet,
} from '../../../../src/render/open-items/growing-text.ts'
import { OpenCommands } from '../../../../src/render/open-items/open-commands.ts'

describe('A text that grows', () => {
  it('has its beginning, and what came behind each hole', () => {
    const begun = appendPiece(appendPiece(nothingYet, 'a'), 'b')
    expect(begun).to.deep.equal({ beginning: 'ab', behind: [] })
    expect(appendPiece(addHole(addHole(begun)), 'c'), 'two holes with nothing between are one').to.deep.equal({
      ...{ beginning: 'ab', behind: ['c'] },
    })
    expect(appendPiece(addHole(appendPiece(addHole(begun), 'c')), 'd').behind).to.deep.equal(['c', 'd'])
    expect(appendPiece(beginningMissed, 'x')).to.deep.equal({ beginning: '', behind: ['x'] })
    expect([nothingYet, begun, beginningMissed].map(hasContent)).to.deep.equal([false, true, true])
  })

  it('is kept by its item until that is complete, the oldest first', () => {
    const items = new GrowingItems()
    items.start('a', 'plan', 'one')
    items.append('b', 'agentMessage', 'unseen')
    items.append('a', 'plan', ' two')
    expect(items.addHole('c')).to.equal(undefined)
    expect(items.addHole('a')?.beginning, 'as it was before').to.equal('one two')
    expect(items.list()).to.deep.equal([
      { id: 'a', type: 'plan', beginning: 'one two', behind: [''] },
      { id: 'b', type: 'agentMessage', beginning: '', behind: ['unseen'] },
    ])
    items.remove('a')
    expect(items.list().map(({ id }) => id)).to.deep.equal(['b'])
    items.clear()
    expect(items.list()).to.deep.equal([])
    expect(['plan', 'reasoning', 'agentMessage', 'commandExecution'].map(isGrowingType)).to.deep.equal([
      ...[true, true, true, false],
    ])
  })
})

describe('Commands that are open', () => {
  const facts = { command: 'ls', output: '', exitCode: null, durationMs: null, status: 'inProgress' }

  it('are left with what they printed and a mark for each hole, once', () => {
    const commands = new OpenCommands()
    for (const id of ['a', 'b', 'done']) commands.start(id, facts)
    commands.remove('done')
    commands.addOutput('a', 'one')
    for (const id of ['a', 'a', 'b', 'unknown']) commands.addHole(id)
    commands.addOutput('a', 'two')
    commands.addOutput('unknown', 'x')
    expect(commands.takeAll()).to.deep.equal([
      ['a', { ...facts, output: `one\n${hole}\ntwo`, status: 'not finished' }],
      ['b', { ...facts, output: `${hole}\n`, status: 'not finished' }],
    ])
    expect(commands.takeAll()).to.deep.equal([])
  })
})
