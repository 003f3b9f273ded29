/** `shell-init` in real shells, at a real terminal: `codex share …` works, and a key completes it. */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { makeSite, type TestSite } from '../support/daemon-process.ts'
import { openTerminal, type TestTerminal } from '../support/terminal.ts'

const program = join(import.meta.dirname, '../../bin/run.js')

/** How each is started without anybody's own settings, told our line, and what it says for the last exit code. */
const shells = {
  bash: { start: ['bash', '--norc', '--noprofile', '-i'], line: 'eval "$(codex-share shell-init bash)"', code: '$?' },
  zsh: { start: ['zsh', '-f', '-i'], line: 'eval "$(codex-share shell-init zsh)"', code: '$?' },
  fish: { start: ['fish', '--no-config', '-i'], line: 'codex-share shell-init fish | source', code: '$status' },
} as const

describe('shell-init', function () {
  this.timeout(60_000)
  let site: TestSite
  let env: NodeJS.ProcessEnv
  let threadId: string

  before(async () => {
    site = await makeSite()
    const bin = join(site.dir, 'bin')
    mkdirSync(bin)
    script(join(bin, 'codex'), `printf '<%s>' "$@"; echo; exit 42`)
    script(join(bin, 'codex-share'), `exec '${process.execPath}' '${program}' "$@"`)
    env = { PATH: `${bin}:${process.env.PATH}`, PS1: 'ready> ' }
    await site.startDaemon()
    threadId = await (await site.connect()).startThread('release 42')
  })

  after(() => site.close())

  function script(path: string, body: string): void {
    writeFileSync(path, `#!/bin/sh\n${body}\n`)
    chmodSync(path, 0o755)
  }

  it('refuses a shell that it does not know', () => {
    const { status, stderr } = spawnSync(process.execPath, [program, 'shell-init', 'csh'], {
      encoding: 'utf8',
      env: site.env,
    })
    expect(status).to.equal(2)
    expect(stderr).to.include('bash, zsh, fish')
  })

  for (const [name, { start, line, code }] of Object.entries(shells)) {
    describe(`in ${name}`, () => {
      let terminal: TestTerminal

      before(function () {
        if (spawnSync(start[0], ['--version']).error) {
          process.stderr.write(`  ${name} is not tested here: it is not installed\n`)
          this.skip()
        }
      })

      beforeEach(async () => {
        terminal = openTerminal({ home: site, command: start, env, columns: 140 })
        terminal.type(`${line}; echo told-it:${code}`)
        terminal.press('Enter')
        await terminal.shows(/^told-it:0$/m)
      })

      afterEach(() => terminal.close())

      it('hands `codex share` to us, and everything else to Codex with its exit code', async () => {
        terminal.type(`codex share list --json; echo code:${code}`)
        terminal.press('Enter')
        await terminal.shows(/"release 42"[\s\S]*^code:0$/m)
        terminal.type(`codex exec 'two words' --share; echo code:${code}`)
        terminal.press('Enter')
        await terminal.shows(/^<exec><two words><--share>\s*^code:42$/m)
        terminal.type(`codex share get --thread no-such-thread; echo code:${code}`)
        terminal.press('Enter')
        await terminal.shows(/^code:4$/m)
      })

      it('completes verbs, flags, values, thread ids and names', async () => {
        terminal.type('codex share int')
        terminal.press('Tab')
        await terminal.shows(/codex share interrupt/)
        terminal.type(`--thr`)
        terminal.press('Tab')
        await terminal.shows(/codex share interrupt --thread/)
        terminal.type(threadId.slice(0, 20))
        terminal.press('Tab')
        await terminal.shows(threadId)
        terminal.press('C-c')
        terminal.type('codex-share post --if-busy ste')
        terminal.press('Tab')
        await terminal.shows(/post --if-busy steer/)
        terminal.press('C-c')
        terminal.type('codex-share tail --thread rel')
        terminal.press('Tab')
        await terminal.shows(/tail --thread (release\\ 42|'release 42')/)
      })
    })
  }
})
