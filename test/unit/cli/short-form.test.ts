/** The short form of our own program, on made-up command ids. */
import { expect } from 'chai'
import { shortForms, withDefaultCommand } from '../../../src/cli/short-form.ts'
import { refuseUnknownCommand } from '../../../src/cli/unknown-command.ts'

const ids = ['daemon:start', 'daemon:stop', 'demo', 'share:demo', 'share:daemon', 'share:list', 'share:post', 'tui']

describe('The short form', () => {
  it('is there for the verbs of share whose name nothing else has', () => {
    expect(shortForms(ids)).to.deep.equal(['list', 'post'])
  })

  const cases: readonly (readonly [string, string])[] = [
    ['post --thread 1 -- share', 'post --thread 1 -- share'],
    ['help', 'help'],
    ['--help', '--help'],
    ['', 'tui'],
    ['--thread last', 'tui --thread last'],
    ['tui --new', 'tui --new'],
  ]
  for (const [typed, meant] of cases) {
    it(`makes “${meant}” of “${typed}”`, () => {
      expect(withDefaultCommand(typed.split(' ').filter(Boolean), ids)).to.deep.equal(meant.split(' ').filter(Boolean))
    })
  }
})

describe('A command that is not there', () => {
  const all = [...ids, ...shortForms(ids)]
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['pst --thread x', 'there is no command “pst”; did you mean “post”?'],
    ['daemon strat', 'there is no command “daemon strat”; did you mean “daemon start”?'],
    ['xyzzy', 'there is no command “xyzzy”'],
    ['post', undefined],
    ['share post', undefined],
    ['daemon', undefined],
    ['daemon --help', undefined],
    ['--version', undefined],
  ]
  for (const [typed, message] of cases) {
    it(`${message === undefined ? 'is not' : 'is'} “${typed}”`, () => {
      const refuse = () => refuseUnknownCommand(typed.split(' '), all)
      if (message === undefined) refuse()
      else expect(refuse).to.throw(message).with.property('errorName', 'usage')
    })
  }
})
