/** A command that runs for long outlives the Node that it was started on, which `brew upgrade` removes. */
import { spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { type CommandSite, makeCommandSite } from '../../support/sites/command-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

const program = join(import.meta.dirname, '../../../bin/run.js')

describe('a command whose Node was upgraded', function () {
  this.timeout(60_000)
  let site: CommandSite
  before(async () => {
    site = await makeCommandSite()
  })
  after(() => site.close())

  it('starts a daemon that has crashed on the Node that is there now', async () => {
    const brew = join(site.dir, 'brew')
    const cellar = (version: string) => join(brew, 'Cellar/node', version)
    mkdirSync(join(cellar('24.1.0'), 'bin'), { recursive: true })
    mkdirSync(join(brew, 'opt'))
    copyFileSync(process.execPath, join(cellar('24.1.0'), 'bin/node'))
    symlinkSync('../Cellar/node/24.1.0', join(brew, 'opt/node'))
    const threadId = await site.share()
    const first = await site.daemonPid()
    const follower = spawn(
      join(brew, 'opt/node/bin/node'),
      [program, 'tail', '--thread', threadId, '--from', '1', '--json'],
      { env: site.env, stdio: ['ignore', 'pipe', 'pipe'] },
    )
    try {
      let [seen, told] = ['', '']
      follower.stdout.setEncoding('utf8').on('data', (text: string) => {
        seen += text
      })
      follower.stderr.setEncoding('utf8').on('data', (text: string) => {
        told += text
      })
      await site.run('post', '--thread', threadId, '--prompt', 'before')
      await eventually('it follows', () => seen.includes('You said: before'))
      renameSync(cellar('24.1.0'), cellar('24.2.0'))
      rmSync(join(brew, 'opt/node'))
      symlinkSync('../Cellar/node/24.2.0', join(brew, 'opt/node'))
      process.kill(first, 'SIGKILL')
      await eventually('another daemon', async () => (await site.daemonPid().catch(() => first)) !== first)
      await site.run('post', '--thread', threadId, '--prompt', 'after')
      await eventually('it goes on', () => seen.includes('You said: after'))
      expect(told).not.to.include('could not be started')
    } finally {
      follower.kill('SIGKILL')
    }
  })
})
