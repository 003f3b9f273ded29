/** The short form of our own program, on made-up command ids. */
import { expect } from 'chai'
import { expandShortForm } from '../../src/cli/short-form.ts'

const ids = ['daemon:start', 'demo', 'share:demo', 'share:list', 'share:post', 'share:start', 'tui']

describe('The short form', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['post --thread 1 -- share', 'share post --thread 1 -- share'],
    ['start', 'share start'],
    ['help post', 'help share post'],
    ['help', 'help'],
    ['share post', 'share post'],
    ['daemon start', 'daemon start'],
    ['demo', 'demo'],
    ['--help', '--help'],
    ['psot', 'psot'],
    ['', 'tui'],
    ['--thread last', 'tui --thread last'],
    ['tui --new', 'tui --new'],
  ]
  for (const [typed, meant] of cases) {
    it(`makes “${meant}” of “${typed}”`, () => {
      expect(expandShortForm(typed.split(' ').filter(Boolean), ids)).to.deep.equal(meant.split(' ').filter(Boolean))
    })
  }
})
