/** What is to be one word for a shell comes out of every shell as it went in. */
import { execFileSync } from 'node:child_process'
import { expect } from 'chai'
import { shellWord } from '../../../../src/protocol/text/shell-word.ts'

const words = [
  '/usr/bin/node',
  '',
  '/Users/me/Library/Application Support/codex-share',
  "it's",
  '/home/e\u0301te\u0301',
  '~/x',
  '=ls',
  '$HOME `id` "$(id)" \\ ! # & ; | < > ( ) { } [ ] * ?',
  'two\nlines',
  'CODEX_HOME=/x',
]

describe('a word for a shell', () => {
  it('is read by a real shell as the text that it stands for', () => {
    const read = execFileSync('sh', ['-c', `printf '%s\\0' ${words.map(shellWord).join(' ')}`], { encoding: 'utf8' })
    expect(read.split('\0').slice(0, -1)).to.deep.equal(words)
  })
})
