/** What the commands do with settings that the agent of a shared thread could have written: the home is its workspace here. */
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { openTerminal } from '../../support/peers/terminal.ts'
import { type CommandSite, makeCommandSite } from '../../support/sites/command-site.ts'

describe('Where a thread works in the home, the commands', function () {
  this.timeout(90_000)
  let site: CommandSite
  let threadId: string
  let file: string
  const at = (path: string) => join(site.dir, path)

  beforeEach(async () => {
    site = await makeCommandSite()
    threadId = await site.share()
    file = at('config/codex-share/config.json')
    mkdirSync(at('config/codex-share'), { recursive: true })
    writeFileSync(at('trap'), `#!/bin/sh\ntouch '${at('sprung')}'\nexec codex "$@"\n`)
    chmodSync(at('trap'), 0o755)
    writeFileSync(file, JSON.stringify({ codexBin: at('trap') }))
  })
  afterEach(() => site.close())

  const reason = () => `${file} lies in ${site.dir}, where the agent of the shared thread ${threadId} may write`

  it('do not run the program that the settings name, be it only for its version', async () => {
    const doctor = JSON.parse((await site.run('doctor', '--json')).stdout) as {
      checks: { check: string; findings: { level: string; what: string }[] }[]
    }
    const found = doctor.checks.flatMap(({ check, findings }) => findings.map((finding) => ({ check, ...finding })))
    const install = await site.run('service', 'install', '--dry-run')
    expect({
      codex: found.filter(({ check, level }) => check === 'Codex' && level === 'warning').map(({ what }) => what),
      workspaces: found.filter(({ check }) => check === 'Workspaces').map(({ what }) => what),
      install: [install.code, install.stderr, install.stdout.includes(at('trap'))],
      sprung: existsSync(at('sprung')),
    }).to.deep.equal({
      codex: [`codexBin is not used: ${reason()}`],
      workspaces: [
        `the shared thread ${threadId} works in ${site.dir}, and its agent may replace what lies there: the settings, the sockets, the ledger and the logs`,
      ],
      install: [0, `codexBin is not used: ${reason()}\n`, false],
      sprung: false,
    })
  })

  it('attach the Codex that is on PATH, and say so', async () => {
    const program = `'${process.execPath}' '${join(import.meta.dirname, '../../../bin/run.js')}'`
    const command = ['/bin/sh', '-c', `${program} attach ${threadId} 2>'${at('said')}'; cat`]
    const terminal = openTerminal({ home: site, command, rows: 40 })
    try {
      await terminal.shows(/^› /m, 20_000)
      expect([existsSync(at('said')), existsSync(at('sprung'))]).to.deep.equal([true, false])
    } finally {
      terminal.close()
    }
  })

  it('show in the status of the next daemon what is not used, why, and what mends it', async () => {
    expect((await site.run('daemon', 'stop', '--all')).code).to.equal(0)
    expect((await site.run('daemon', 'start')).code).to.equal(0)
    const { stdout } = await site.run('daemon', 'status')
    const words = stdout.replaceAll(/\s+/g, ' ')
    expect(words).to.include(`Settings ${file}`)
    expect(words).to.include(
      `codexBin is not used: the agent of the shared thread ${threadId}, which works in ${site.dir}, could have written it. Move ${file} out of that folder with XDG_CONFIG_HOME, or let that thread work in a folder below, then run \`codex-share daemon restart\`.`,
    )
    const doctor = await site.run('doctor')
    expect(doctor.stdout.replaceAll(/\s+/g, ' ')).to.include(
      `! Workspaces codexBin is not used: the agent of the shared thread ${threadId}`,
    )
    expect(existsSync(at('sprung'))).to.equal(false)
  })
})
