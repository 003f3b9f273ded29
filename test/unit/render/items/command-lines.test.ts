/** Commands as they are shown, line by line. */
import { expect } from 'chai'
import { commandLines } from '../../../../src/render/items/command-lines.ts'

describe('The lines of a command', () => {
  const cases: readonly (readonly [title: string, command: string, lines: readonly string[]])[] = [
    ['begin with a $', 'npm test', ['$ npm test']],
    ['stand under each other when there are several', 'cat <<E\n  a\n\nE', ['$ cat <<E', '    a', '  ', '  E']],
    ['are no more for a line end at the very end', 'ls\n', ['$ ls']],
    ['keep a $ of their own apart from the first', 'echo $HOME\n$ rm', ['$ echo $HOME', '  $ rm']],
    ['show what a terminal would obey or hide', 'a\u001b[2K\rb\u202e', ['$ a␛[2K␍b\\u{202e}']],
    ['are there for an empty command as well', '', ['$ ']],
  ]
  for (const [title, command, lines] of cases) {
    it(title, () => {
      expect(commandLines(command)).to.deep.equal(lines)
    })
  }
})
