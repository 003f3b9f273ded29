/** A ledger with a damaged page, from the finding to the mending, with the commands as built; and where it cannot be looked at. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, statSync, truncateSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { openLedger } from '../../../src/ledger/ledger.ts'
import { ledgersPutAside } from '../../../src/platform/places/ledger-files.ts'
import type { DaemonStatus } from '../../../src/protocol/status.ts'
import { crashMachine, damageLedger } from '../../support/samples/damage-ledger.ts'
import { makeScratch } from '../../support/scratch.ts'
import { type CommandSite, makeCommandSite } from '../../support/sites/command-site.ts'
import { amongOwnMounts, noOwnMounts } from '../../support/system/own-mounts.ts'
import { eventually } from '../../support/waiting/eventually.ts'

const program = join(import.meta.dirname, '../../../bin/run.js')

interface Report {
  readonly checks: readonly { readonly check: string; readonly findings: readonly Record<string, unknown>[] }[]
}

function ledgerFindings(stdout: string): readonly Record<string, unknown>[] {
  const { checks }: Report = JSON.parse(stdout)
  return checks.find(({ check }) => check === 'Ledger')?.findings ?? []
}

describe('A damaged ledger', function () {
  this.timeout(60_000)
  let site: CommandSite
  let file: string
  beforeEach(async () => {
    site = await makeCommandSite()
    file = join(site.dir, 'data/codex-share/ledger.db')
  })
  afterEach(() => site.close())

  it('is found under the running daemon and without one, and mended by the command that the finding names', async () => {
    const threadId = await site.share('release')
    for (const word of ['one', 'two', 'three']) await site.run('post', '-t', threadId, '-p', word.repeat(1000))
    const whole = ledgerFindings((await site.run('doctor', '--json')).stdout)
    expect(whole.map(({ level }) => level)).to.deep.equal(['ok'])
    await site.run('daemon', 'stop')
    damageLedger(file)

    const expected = { level: 'problem', fix: 'codex-share daemon restart --check-ledger' }
    const [alone] = ledgerFindings((await site.run('doctor', '--json')).stdout)
    expect(alone).to.deep.include(expected)
    expect((await site.run('daemon', 'start')).code).to.equal(0)
    await untilLeftAlone(file)
    const { code, stdout } = await site.run('doctor')
    expect(code).to.equal(5)
    expect(stdout).to.match(/^✗ Ledger {7}the ledger .* is damaged: .*page \d+/m)
    expect(stdout).to.match(/^ +Events in it cannot be read back/m)
    expect(stdout).to.match(/^ +→ codex-share daemon restart --check-ledger$/m)
    const [underDaemon] = ledgerFindings((await site.run('doctor', '--json')).stdout)
    expect(underDaemon).to.deep.include(expected)
    expect(readdirSync(dirname(file)).filter((name) => name.endsWith('.tmp'))).to.deep.equal([])

    const unreadable = await site.run('get', '-t', threadId, '--from', '1')
    expect(unreadable.stderr).to.match(/the ledger is damaged: .*\n`codex-share doctor` says how to mend it\.\n$/)

    const mended = await site.run('daemon', 'restart', '--check-ledger')
    expect(mended.code).to.equal(0)
    expect(mended.stderr).to.match(
      /The ledger was damaged: it is now .*ledger\.db\.corrupt-\S+, and a new one was begun/,
    )
    const after = ledgerFindings((await site.run('doctor', '--json')).stdout)
    expect(after.map(({ level }) => level)).to.deep.equal(['ok', 'note'])
    expect((await site.run('get', '-t', threadId, '--from', '1')).stdout).to.include('threethreethree')
  })

  it('does not end one daemon after the other: the second puts it aside', async () => {
    const threadId = await site.share('release')
    for (const word of ['one', 'two', 'three']) await site.run('post', '-t', threadId, '-p', word.repeat(1000))
    await site.run('daemon', 'stop')
    damageLedger(file)
    await site.run('tail', '-t', threadId, '--from', '1', '--until-idle')
    const tail = await site.run('tail', '-t', threadId, '--from', '1', '--until-idle')
    expect(tail.code).to.equal(0)
    expect(tail.stdout).to.include('threethreethree')
    expect(ledgersPutAside(file)).to.have.lengthOf(1)
    expect(site.daemonLog().match(/the daemon failed/g)).to.have.lengthOf(1)
  })

  /** As the daemon says it is, which is started when it does not run. */
  async function look(): Promise<DaemonStatus['ledger']> {
    const { stdout } = await site.run('daemon', 'start', '--json')
    const { ledger }: DaemonStatus = JSON.parse(stdout)
    return ledger
  }

  it('is found by itself after a crash of the machine, beside what is served, and once', async () => {
    await site.run('post', '-t', await site.share('release'), '-p', 'word '.repeat(2000))
    expect(await look()).to.deep.include({ problem: null, checked: { state: 'none', at: null, why: null } })

    await site.run('daemon', 'stop')
    crashMachine(file)
    damageLedger(file)
    await site.run('daemon', 'start')
    // Asked over a connection: commands would leave no time to the check, which runs with the least priority.
    const peer = await site.connect()
    const found = await eventually('the damage was found', async () => {
      const { ledger } = (await peer.call('share/status', {})) as Pick<DaemonStatus, 'ledger'>
      return ledger.checked?.state === 'damaged' && ledger
    })
    peer.close()
    expect(found.problem).to.match(/damaged \(.*page \d+.*\): `codex-share daemon restart --check-ledger` mends it$/)
    expect(site.daemonLog()).to.match(/the ledger is damaged: /)
    expect(readdirSync(dirname(file)).filter((name) => name.includes('being-checked'))).to.deep.equal([])
    expect((await site.run('list')).code).to.equal(0)
    await site.run('daemon', 'stop')
    const { problem, checked } = found
    expect(await look(), 'after a restart').to.deep.include({ problem, checked })
    const { stderr } = await site.run('daemon', 'restart', '--check-ledger')
    expect(stderr).to.match(/The ledger was damaged: it is now /)
    expect(await look()).to.have.property('problem', null)
  })

  it('goes unnoticed in a large one until somebody asks for a deep look', async () => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    openLedger(file).close()
    // With a hole at its end, which takes no room.
    truncateSync(file, 257 * 1024 * 1024)
    const quick = await site.run('doctor', '--json')
    expect(ledgerFindings(quick.stdout)).to.deep.include.members([
      {
        level: 'note',
        what: 'it is large: whether every page of it is whole was not looked at',
        why: 'A damaged page is noticed only when it is read.',
        fix: 'codex-share doctor --deep',
      },
    ])
    expect(quick.stderr).not.to.include('Reading every page')
    const deep = await site.run('doctor', '--deep', '--json')
    expect(deep.stderr).to.include('Reading every page of the ledger (257 MiB)…')
    expect(ledgerFindings(deep.stdout).map(({ level }) => level)).to.not.include('note')
  })
})

describe('A ledger without room for a copy', () => {
  it('is not copied, and the doctor says how much room that takes', function () {
    const reason = noOwnMounts()
    if (reason !== null) {
      process.stderr.write(`  A disk with little room cannot be had here: ${reason}\n`)
      this.skip()
    }
    this.timeout(20_000)
    const home = makeScratch()
    try {
      const [elsewhere, data] = [join(home.dir, 'ledger.db'), join(home.dir, 'data/codex-share')]
      openLedger(elsewhere).close()
      mkdirSync(data, { recursive: true, mode: 0o700 })
      const lines = `mount -t tmpfs -o size=50m,mode=700 tmpfs '${data}'; cp '${elsewhere}' '${data}/ledger.db'`
      const [unshare, args] = amongOwnMounts(lines, [process.execPath, program, 'doctor', '--json'])
      const { stdout } = spawnSync(unshare, args, { encoding: 'utf8', env: home.env })
      const [finding] = ledgerFindings(stdout)
      expect(finding?.level).to.equal('warning')
      expect(finding?.what).to.match(
        /could not be looked at: there is no room for a copy of it: \d+ MiB are free, 100 are needed$/,
      )
      expect(finding?.fix).to.equal(`Make room in ${data}, then run \`codex-share doctor\` again.`)
    } finally {
      home.remove()
    }
  })
})

/** A daemon that has just started has just written, and for a moment nobody can tell damage from writing. */
async function untilLeftAlone(file: string): Promise<void> {
  await eventually('the file was left alone for a moment', () => Date.now() - statSync(file).mtimeMs > 1000)
}
