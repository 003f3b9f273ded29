/** The script inside `/bin/bash -lc SCRIPT`. */
import { execFileSync } from 'node:child_process'
import { expect } from 'chai'
import { scriptOf } from '../../../../src/render/items/shell-script.ts'

describe('The script of a command', () => {
  it('is what the shell is given, and nothing of it is left out', () => {
    const words = [
      `'npm test'`,
      `"echo 'x'"`,
      `'touch x #\rls -la'`,
      `'a'"'"'b'`,
      `"a\\"b\\\\c\\x"`,
      'ls',
      `'a\nb'`,
      `a\\ b`,
    ]
    for (const word of words) {
      const given = execFileSync('/bin/bash', ['-c', `printf %s ${word}`], { encoding: 'utf8' })
      expect(scriptOf(`/bin/bash -lc ${word}`)).to.equal(given)
      expect(scriptOf(`/usr/bin/zsh -c ${word}`)).to.equal(given)
    }
  })
})
