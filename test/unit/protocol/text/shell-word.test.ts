/** What a shell reads as one word without our help. */
import { expect } from 'chai'
import { shellWord } from '../../../../src/protocol/text/shell-word.ts'

describe('a word for a shell', () => {
  it('stays as it is where no shell reads anything into it', () => {
    expect(['/usr/bin/node', 'me@build:22', 'v1.2-rc_3', '1,2+3'].map(shellWord)).to.deep.equal([
      '/usr/bin/node',
      'me@build:22',
      'v1.2-rc_3',
      '1,2+3',
    ])
  })

  it('is quoted where a shell would read something into it', () => {
    expect(['', "it's", '$HOME', '~/x', 'two\nlines'].map(shellWord)).to.deep.equal([
      "''",
      `'it'\\''s'`,
      "'$HOME'",
      "'~/x'",
      "'two\nlines'",
    ])
  })
})
