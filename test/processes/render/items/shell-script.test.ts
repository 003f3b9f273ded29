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

  it('is not looked for where there is more to the command, or another shell', () => {
    const others = [
      `/bin/bash -lc 'ls' x`,
      `/bin/bash -lc 'ls'; rm x`,
      `/bin/bash -lc "$HOME"`,
      '/bin/bash -lc "`id`"',
      `/bin/bash -lic 'ls'`,
      `/tmp/bin/bash -lc 'ls'`,
      `bash -lc 'ls'`,
      `cd /; /bin/bash -lc 'ls'`,
      `/bin/bash -lc 'ls`,
      '/bin/bash -lc *',
      'ls',
    ]
    expect(others.map(scriptOf)).to.deep.equal(others.map(() => undefined))
  })
})
