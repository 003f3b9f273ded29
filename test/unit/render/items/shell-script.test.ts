/** The script inside `/bin/bash -lc SCRIPT`, by cases. */
import { expect } from 'chai'
import { scriptOf } from '../../../../src/render/items/shell-script.ts'

describe('The script of a command', () => {
  it('is taken out of its quotes', () => {
    const cases = [
      [`/bin/bash -lc 'npm test'`, 'npm test'],
      [`/bin/bash -lc "echo 'x'"`, "echo 'x'"],
      ['/usr/bin/zsh -c ls', 'ls'],
      ['/bin/sh -c a\\ b', 'a b'],
    ] as const
    for (const [command, script] of cases) expect(scriptOf(command), command).to.equal(script)
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
