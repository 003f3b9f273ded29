/** The built `doctor`, on a home with real faults in it. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { makeScratch, type Scratch } from '../../support/scratch.ts'

const program = join(import.meta.dirname, '../../../bin/run.js')

describe('codex-share doctor', function () {
  this.timeout(20_000)
  let home: Scratch

  beforeEach(() => {
    home = makeScratch()
  })

  afterEach(() => home.remove())

  function doctor(env: NodeJS.ProcessEnv = {}) {
    const { status, stdout } = spawnSync(process.execPath, [program, 'doctor', '--json'], {
      encoding: 'utf8',
      env: { ...home.env, ...env },
    })
    const report: {
      worst: string
      checks: { check: string; findings: { level: string; what: string; fix?: string }[] }[]
    } = JSON.parse(stdout)
    const bad = report.checks.flatMap(({ check, findings }) =>
      findings.filter(({ level }) => level === 'problem').map(({ what }) => `${check}: ${what}`),
    )
    return { status, worst: report.worst, bad, checks: report.checks.map(({ check }) => check) }
  }

  it('looks at everything, and starts nothing', () => {
    const { bad, checks } = doctor()
    expect(bad).to.deep.equal([])
    expect(checks).to.deep.equal([
      ...['Node', 'Codex', 'Login', 'Sockets', 'Daemon', 'App-server', 'Turns', 'Ledger'],
      ...['Disk', 'Service', 'Plain codex', 'Leftovers', 'Workspaces', 'Brokers', 'Clock', 'Terminal'],
    ])
  })

  it('finds settings that are not valid, a ledger that is none and a Codex that is gone, all at once', () => {
    mkdirSync(join(home.dir, 'config/codex-share'), { recursive: true })
    writeFileSync(join(home.dir, 'config/codex-share/config.json'), '{"limits":{"connections":0}}')
    mkdirSync(join(home.dir, 'data/codex-share'), { recursive: true })
    writeFileSync(join(home.dir, 'data/codex-share/ledger.db'), 'these are not the events you are looking for')
    const { status, worst, bad } = doctor({ CODEX_SHARE_CODEX_BIN: '/nowhere/codex' })
    expect({ status, worst }).to.deep.equal({ status: 5, worst: 'problem' })
    expect(bad.map((line) => line.replaceAll(home.dir, '~'))).to.deep.equal([
      'Settings: the settings file ~/config/codex-share/config.json is not valid at limits.connections: Invalid value: Expected >=1 but received 0',
      'Codex: The Codex binary /nowhere/codex, named by CODEX_SHARE_CODEX_BIN, cannot be run: there is no such file.',
      'Ledger: ~/data/codex-share/ledger.db is not a ledger',
    ])
  })

  it('says what is wrong with a runtime folder that cannot be used', () => {
    symlinkSync(home.dir, join(home.dir, 'link'))
    const { status, bad } = doctor({ CODEX_SHARE_RUNTIME_DIR: join(home.dir, 'link') })
    expect(status).to.equal(5)
    expect(bad).to.deep.equal([`Runtime folder: the runtime folder ${home.dir}/link is a link, which is refused`])
  })
})
