/** `shell-init` in real shells, at a real terminal: `codex share …` works, and a key completes it. */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { openTerminal, type TestTerminal } from '../../support/peers/terminal.ts'
import { makeSite, type TestSite } from '../../support/sites/daemon-process.ts'

const program = join(import.meta.dirname, '../../../bin/run.js')

/** How each is started without anybody's own settings, told our line, and what it says for the last exit code. */
const shells = {
  bash: { start: ['bash', '--norc', '--noprofile', '-i'], line: 'eval "$(codex-share shell-init bash)"', code: '$?' },
  // As near to the one of macOS as another bash comes; test/project/bash-3.2.test.ts has the rest.
  'bash as 3.2': {
    start: ['bash', '--norc', '--noprofile', '-u', '-i'],
    line: 'BASH_COMPAT=3.2; enable -n compopt mapfile readarray; eval "$(codex-share shell-init bash)"',
    code: '$?',
  },
  zsh: { start: ['zsh', '-f', '-i'], line: 'eval "$(codex-share shell-init zsh)"', code: '$?' },
  fish: { start: ['fish', '--no-config', '-i'], line: 'codex-share shell-init fish | source', code: '$status' },
} as const

/** What is typed, and the arguments that it is completed to. */
const begun = {
  '--thread my': "<--thread><my ann's>",
  '--thread "my': "<--thread><my ann's>",
  "--thread 'my": "<--thread><my ann's>",
  '--thread my\\ a': "<--thread><my ann's>",
  '--thread=my': "<--thread=my ann's>",
  '--thread="my': "<--thread=my ann's>",
  '--prompt @no': '<--prompt><@notes of ann.md>',
  '--prompt=@no': '<--prompt=@notes of ann.md>',
}

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
    const peer = await site.connect()
    threadId = await peer.startThread('release 42')
    await peer.startThread("my ann's")
    mkdirSync(join(site.dir, 'folder'))
    writeFileSync(join(site.dir, 'folder/ann.md'), '')
    // The last two are like words of ours, which files must not come between; the second is one that nobody can type.
    for (const file of ['notes of ann.md', 'not\x1b[31m', 'interest', 'steep']) writeFileSync(join(site.dir, file), '')
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

  function candidates(...words: string[]): string {
    const { stdout } = spawnSync(process.execPath, [program, 'complete', '--', ...words], {
      encoding: 'utf8',
      cwd: site.dir,
      env: site.env,
    })
    return stdout
  }

  it('says what a candidate is about, cut between words, and leaves out what nobody can type', () => {
    expect(candidates('post', '--thr')).to.equal(
      '--thread\tThe thread: its id, the beginning of its id when that is …\n',
    )
    expect(candidates('post', '--prompt', '@not')).to.equal('@notes of ann.md\t\n')
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
        await terminal.shows(/^code:0$/m)
        // Where the line breaks on the screen depends on the folder that the test runs in.
        expect(terminal.all()).to.include('"release 42"')
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
        // Waits its turn behind the Tab; a Ctrl-C would end what that has begun.
        terminal.press('C-u')
        terminal.type('codex-share post --if-busy ste')
        terminal.press('Tab')
        await terminal.shows(/post --if-busy steer/)
        terminal.press('C-u')
        terminal.type('codex-share post --no')
        terminal.press('Tab')
        await terminal.shows(/post --no-wait/)
        terminal.press('C-u')
        terminal.type('codex-share --scr')
        terminal.press('Tab')
        await terminal.shows(/codex-share --screen-reader/)
        terminal.press('C-u')
        terminal.type('codex-share tail --thread rel')
        terminal.press('Tab')
        await terminal.shows(/tail --thread (release\\ 42|'release 42')/)
      })

      it('goes on behind a folder', async () => {
        terminal.type('codex-share post --prompt @fol')
        terminal.press('Tab')
        terminal.type('an')
        terminal.press('Tab')
        await terminal.shows('@folder/ann.md')
      })

      for (const [typed, completed] of Object.entries(begun)) {
        it(`completes ${typed}`, async () => {
          terminal.type(`codex-share post ${typed}`)
          terminal.press('Tab')
          await terminal.shows(/ann/)
          // The shell itself tells which arguments it takes that for.
          terminal.press('C-a')
          terminal.type(`printf '<%s>' `)
          terminal.press('Enter')
          await terminal.shows(`<codex-share><post>${completed}`)
        })
      }
    })
  }
})
