/** Items that are not complete yet: what came of them, and where something is missing. */
import { expect } from 'chai'
import { GrowingItems, isGrowing } from '../../../../src/render/open-items/growing-items.ts'
import {
  beginningMissed,
  grow,
  hasCome,
  hole,
  miss,
  nothingYet,
} from '../../../../src/render/open-items/growing-text.ts'
import { OpenCommands } from '../../../../src/render/open-items/open-commands.ts'

describe('A text that grows', () => {
  it('has its beginning, and what came behind each hole', () => {
    const begun = grow(grow(nothingYet, 'a'), 'b')
    expect(begun).to.deep.equal({ beginning: 'ab', behind: [] })
    expect(grow(miss(miss(begun)), 'c'), 'two holes with nothing between are one').to.deep.equal({
      ...{ beginning: 'ab', behind: ['c'] },
    })
    expect(grow(miss(grow(miss(begun), 'c')), 'd').behind).to.deep.equal(['c', 'd'])
    expect(grow(beginningMissed, 'x')).to.deep.equal({ beginning: '', behind: ['x'] })
    expect([nothingYet, begun, beginningMissed].map(hasCome)).to.deep.equal([false, true, true])
  })

  it('is kept by its item until that is complete, the oldest first', () => {
    const items = new GrowingItems()
    items.start('a', 'plan', 'one')
    items.grow('b', 'agentMessage', 'unseen')
    items.grow('a', 'plan', ' two')
    expect(items.miss('c')).to.equal(undefined)
    expect(items.miss('a')?.beginning, 'as it was before').to.equal('one two')
    expect(items.list()).to.deep.equal([
      { id: 'a', type: 'plan', beginning: 'one two', behind: [''] },
      { id: 'b', type: 'agentMessage', beginning: '', behind: ['unseen'] },
    ])
    items.remove('a')
    expect(items.list().map(({ id }) => id)).to.deep.equal(['b'])
    items.clear()
    expect(items.list()).to.deep.equal([])
    expect(['plan', 'reasoning', 'agentMessage', 'commandExecution'].map(isGrowing)).to.deep.equal([
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
    for (const id of ['a', 'a', 'b', 'unknown']) commands.miss(id)
    commands.addOutput('a', 'two')
    commands.addOutput('unknown', 'x')
    expect(commands.takeAll()).to.deep.equal([
      ['a', { ...facts, output: `one\n${hole}\ntwo`, status: 'not finished' }],
      ['b', { ...facts, output: `${hole}\n`, status: 'not finished' }],
    ])
    expect(commands.takeAll()).to.deep.equal([])
  })
})
