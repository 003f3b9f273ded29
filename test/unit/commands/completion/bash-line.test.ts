/** What bash has under its cursor, and what it is to insert. */
import { expect } from 'chai'
import { readBashLine } from '../../../../src/commands/completion/bash-line.ts'

const breaks = ' \t\n"\'@><=;|&(:'

/** The last word, and what is inserted for a whole one. */
function completed(line: string, whole: string): readonly [string | undefined, string] {
  const { words, insertionFor: insert } = readBashLine(line, breaks)
  return [words.at(-1), insert(whole)]
}

describe('A line of bash', () => {
  it('is words without quotes and backslashes', () => {
    expect(readBashLine(`x tail  'a b' c\\ d "e\\"f\\g" `, breaks).words).to.deep.equal([
      ...['x', 'tail', 'a b', 'c d', 'e"f\\g'],
      '',
    ])
  })

  it('takes a candidate quoted in the way the word was begun', () => {
    expect(completed('x my', `my "it's" $1`)).to.deep.equal(['my', `my\\ \\"it\\'s\\"\\ \\$1`])
    expect(completed(`x 'my`, `my "it's"`)).to.deep.equal(['my', `my "it'\\''s"`])
    expect(completed('x "my r', 'my "r" $1')).to.deep.equal(['my r', 'my \\"r\\" \\$1'])
    expect(completed('x my\\ r', 'my rüde')).to.deep.equal(['my r', 'my\\ rüde'])
  })

  it('takes only what readline replaces', () => {
    expect(completed('x --thread=my', '--thread=my r')).to.deep.equal(['--thread=my', 'my\\ r'])
    expect(completed('x --thread="my', '--thread=my r')).to.deep.equal(['--thread=my', 'my r'])
    expect(completed('x --thread=', '--thread=my')).to.deep.equal(['--thread=', 'my'])
    expect(completed('x @no', '@notes')).to.deep.equal(['@no', '@notes'])
    expect(completed('x a:b', 'a:bc')).to.deep.equal(['a:b', 'bc'])
  })
})
