/** What could come next on a command line. */
import { expect } from 'chai'
import { type CommandShape, completionsOf } from '../../src/commands/completion/candidates.ts'

const flag = (name: string, char: string | null, values: readonly string[] | null) => ({
  ...{ name, char, summary: '' },
  takesValue: values !== null,
  values: values ?? [],
})
const commands: CommandShape[] = [
  {
    id: 'share:post',
    summary: '',
    takesThread: false,
    flags: [flag('thread', 't', []), flag('if-busy', null, ['reject', 'wait']), flag('json', null, null)],
  },
  { id: 'share:attach', summary: '', takesThread: true, flags: [] },
  { id: 'doctor', summary: '', takesThread: false, flags: [] },
]
const topics = [{ text: 'share', about: '' }]

function next(...words: string[]): readonly string[] | 'thread' {
  const found = completionsOf({ words, commands, topics })
  return found === 'thread' ? found : found.map(({ text }) => text)
}

describe('Completion', () => {
  it('offers topics, commands and the short form of `share`', () => {
    expect(next('')).to.deep.equal(['share', 'doctor', 'post', 'attach'])
    expect(next('share', '')).to.deep.equal(['post', 'attach'])
    expect(next('share', 'p')).to.deep.equal(['post'])
  })

  it('offers the flags that were not given yet, and the values of those that have some', () => {
    expect(next('post', '--')).to.deep.equal(['--thread', '--if-busy', '--json'])
    expect(next('share', 'post', '-t', 'last', '--')).to.deep.equal(['--if-busy', '--json'])
    expect(next('post', '--if-busy', 'w')).to.deep.equal(['wait'])
  })

  it('asks for threads where one is meant', () => {
    expect(next('post', '--thread', '')).to.equal('thread')
    expect(next('post', '-t', 'rel')).to.equal('thread')
    expect(next('attach', '')).to.equal('thread')
    expect(next('attach', 'one', '')).to.deep.equal([])
  })

  it('has nothing to say about what it does not know', () => {
    expect(next('no-such-command', '')).to.deep.equal([])
    expect(next('doctor', '')).to.deep.equal([])
  })
})
