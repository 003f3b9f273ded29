/** However the demo is ended, nothing that it started is left. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { openTerminal, type TestTerminal } from '../../support/peers/terminal.ts'
import { makeScratch, type Scratch } from '../../support/scratch.ts'
import { eventually } from '../../support/waiting/eventually.ts'

describe('The demo on a terminal', function () {
  this.timeout(60_000)
  let home: Scratch
  let terminal: TestTerminal
  let folder: string
  beforeEach(() => {
    home = makeScratch()
    folder = join(home.dir, 'tmp')
    mkdirSync(folder)
    terminal = openTerminal({ home, args: ['demo'], env: { TMPDIR: folder } })
  })
  afterEach(() => {
    terminal.close()
    home.remove()
  })

  const homes = () => readdirSync(folder).filter((name) => name.startsWith('codex-share-demo-'))
  const processes = () =>
    execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes(`${folder}/codex-share-demo-`) && line.includes('app-server'))

  it('cleans up although Ctrl-C is pressed again while it does', async () => {
    await terminal.shows('NOTES.md')
    expect(processes()).not.to.deep.equal([])
    terminal.press('C-c')
    await terminal.shows('stopping…')
    terminal.press('C-c', 'C-c')
    expect(await terminal.exitCode()).to.equal(130)
    await terminal.wrote('The demo was stopped; it has cleaned up.')
    expect([homes(), processes()]).to.deep.equal([[], []])
  })

  for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
    it(`cleans up on ${signal}, also when it has just begun`, async () => {
      await terminal.shows('codex-share start')
      await eventually('there is an app-server', () => processes().length > 0)
      process.kill(terminal.pid(), signal)
      expect(await terminal.exitCode()).to.equal(130)
      expect([homes(), processes()]).to.deep.equal([[], []])
    })
  }
})
