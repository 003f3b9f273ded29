/** Folders that were deleted: the one that a command runs in, and the one that a thread works in. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { openTerminal } from '../../support/peers/terminal.ts'
import { type CommandSite, makeCommandSite } from '../../support/sites/command-site.ts'

const program = join(import.meta.dirname, '../../../bin/run.js')

describe('a folder that was deleted', function () {
  this.timeout(60_000)
  let site: CommandSite
  let work: string

  before(async () => {
    site = await makeCommandSite()
    work = join(site.dir, 'work')
    mkdirSync(work)
    await site.run('start', '--name', 'release', '--cwd', work)
    rmSync(work, { recursive: true })
  })
  after(() => site.close())

  /** In a folder that is deleted before the command begins. */
  const inDeletedFolder = (args: string, script = `exec '${process.execPath}' '${program}' ${args}`) =>
    openTerminal({
      home: site,
      command: ['/bin/sh', '-c', `mkdir gone; cd gone; rmdir ../gone; (${script}); echo "exit code $?"; cat`],
    })

  for (const args of ['start', '', 'daemon start --codex-bin ./codex', 'attach release'])
    it(`is said in one sentence by \`codex-share ${args}\` that is run in it`, async () => {
      const terminal = inDeletedFolder(args)
      try {
        await terminal.shows('exit code 2')
        expect(terminal.all()).to.contain(
          'Error: the folder that this was started in was deleted\nGo to one that is there',
        )
        expect(terminal.all()).not.to.contain('uv_cwd')
      } finally {
        terminal.close()
      }
    })

  it('keeps no command from working that needs none', async () => {
    const terminal = inDeletedFolder('list', `'${process.execPath}' '${program}' list >/dev/null`)
    try {
      await terminal.shows('exit code 0')
    } finally {
      terminal.close()
    }
  })

  it('is said of a thread that works there, by list, post and the terminal UI', async () => {
    expect((await site.run('list')).stdout).to.contain(`${work} (gone)`)
    expect(await site.json('list')).to.have.nested.property('[0].folderGone', true)
    const gone = `The folder of this thread is gone: ${work}. Commands in it fail until it is made again.`
    expect((await site.run('post', '-t', 'release', '-p', 'hello')).stderr).to.contain(gone)
    const ui = openTerminal({ home: site, args: ['--thread', 'release'] })
    try {
      await ui.shows('The folder of this thread is gone')
    } finally {
      ui.close()
    }
    mkdirSync(work)
    expect((await site.run('list')).stdout).not.to.contain('(gone)')
    expect((await site.run('post', '-t', 'release', '-p', 'hello')).stderr).to.equal('')
  })
})
