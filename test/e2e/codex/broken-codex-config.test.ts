/** Codex's config.toml is broken while its app-server runs: what fails names the file and the place, and nothing was submitted. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { type CommandSite, makeCommandSite } from '../../support/sites/command-site.ts'

describe('a config.toml that was broken under a running app-server', function () {
  this.timeout(60_000)
  let site: CommandSite
  let [file, good, threadId] = ['', '', '']

  before(async () => {
    site = await makeCommandSite()
    file = join(site.codexHome, 'config.toml')
    good = readFileSync(file, 'utf8')
    threadId = await site.share('release')
    // So that the thread is not loaded any more.
    await site.run('daemon', 'restart', '--app-server')
    writeFileSync(file, `model = = "x"\n${good}`)
  })
  after(() => site.close())

  const commands = [['start'], ['post', '-t', 'release', '-p', 'hello']]
  for (const args of commands)
    it(`is named by ${args[0]}, with the line`, async () => {
      const { code, stderr } = await site.run(...args)
      expect({ code, stderr }).to.deep.equal({
        code: 5,
        stderr: `Error: Codex cannot read its settings: ${file}, line 1, column 9: extra \`=\`, expected nothing\nNothing was submitted. Correct ${file}, then try again.\n`,
      })
    })

  it('is named by the doctor, which does not speak of a login then', async () => {
    const { code, stdout } = await site.run('doctor')
    expect(code).to.equal(5)
    expect(stdout).to.contain(`${file}, line 1, column 9`).and.not.contain('codex login')
  })

  it('leaves reading alone, and is forgotten once it is mended', async () => {
    expect((await site.run('get', '-t', threadId)).code).to.equal(0)
    writeFileSync(file, good)
    expect((await site.run('post', '-t', threadId, '-p', 'hello')).code).to.equal(0)
    expect((await site.run('start')).code).to.equal(0)
  })
})
