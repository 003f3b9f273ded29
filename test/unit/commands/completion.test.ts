/** What could come next on a command line. */
import { expect } from 'chai'
import { type CommandShape, completionsOf, type Wanted } from '../../../src/commands/completion/candidates.ts'

const flag = (name: string, char: string | null, values: readonly string[] | null, allowNo = false) => ({
  ...{ name, char, summary: '', allowNo },
  takesValue: values !== null,
  values: values ?? [],
})
const commands: CommandShape[] = [
  {
    id: 'share:post',
    summary: '',
    takesThread: false,
    flags: [
      flag('thread', 't', []),
      flag('prompt', 'p', []),
      flag('if-busy', null, ['reject', 'wait']),
      flag('json', null, null),
    ],
  },
  { id: 'share:forget', summary: '', takesThread: false, flags: [flag('match', 'm', [])] },
  { id: 'share:attach', summary: '', takesThread: true, flags: [] },
  { id: 'doctor', summary: '', takesThread: false, flags: [flag('all', null, null, true)] },
]
const topics = [{ text: 'share', about: '' }]

function next(...words: string[]): readonly string[] | Wanted {
  const found = completionsOf({ words, commands, topics })
  return 'kind' in found ? found : found.map(({ text }) => text)
}

describe('Completion', () => {
  it('offers topics, commands and the short form of `share`', () => {
    expect(next('')).to.deep.equal(['share', 'doctor', 'post', 'forget', 'attach'])
    expect(next('share', '')).to.deep.equal(['post', 'forget', 'attach'])
    expect(next('share', 'p')).to.deep.equal(['post'])
  })

  it('offers the flags that were not given yet, and the values of those that have some', () => {
    expect(next('post', '--')).to.deep.equal(['--thread', '--prompt', '--if-busy', '--json'])
    expect(next('share', 'post', '-t', 'last', '--')).to.deep.equal(['--prompt', '--if-busy', '--json'])
    expect(next('post', '--if-busy', 'w')).to.deep.equal(['wait'])
    expect(next('post', '--if-busy=w')).to.deep.equal(['--if-busy=wait'])
    expect(next('post', '--if-busy=wait', '-t', 'last', '--')).to.deep.equal(['--prompt', '--json'])
  })

  it('offers both forms of a flag that can be turned off, until one is there', () => {
    expect(next('doctor', '--')).to.deep.equal(['--all', '--no-all'])
    expect(next('doctor', '--no-all', '--')).to.deep.equal([])
  })

  it('asks for files where a prompt or a text is to be read from one', () => {
    expect(next('post', '--prompt', '@no')).to.deep.equal({ kind: 'file', word: 'no', before: '@' })
    expect(next('post', '--prompt=@no')).to.deep.equal({ kind: 'file', word: 'no', before: '--prompt=@' })
    expect(next('forget', '-m', '@no')).to.deep.equal({ kind: 'file', word: 'no', before: '@' })
    expect(next('post', '--prompt', 'no')).to.deep.equal([])
  })

  it('asks for threads where one is meant', () => {
    expect(next('post', '--thread', '')).to.deep.equal({ kind: 'thread', word: '', before: '' })
    expect(next('post', '-t', 'rel')).to.deep.equal({ kind: 'thread', word: 'rel', before: '' })
    expect(next('post', '--thread=my r')).to.deep.equal({ kind: 'thread', word: 'my r', before: '--thread=' })
    expect(next('attach', '')).to.deep.equal({ kind: 'thread', word: '', before: '' })
    expect(next('attach', 'one', '')).to.deep.equal([])
  })

  it('has nothing to say about what it does not know', () => {
    expect(next('no-such-command', '')).to.deep.equal([])
    expect(next('doctor', '')).to.deep.equal([])
  })
})
