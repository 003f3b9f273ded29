/** Folders that cannot be written, wherever one is: each command says which, why, and what to do, and the terminal UI goes on. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { makeScratch, type Scratch } from '../../support/scratch.ts'
import { type CommandSite, makeCommandSite } from '../../support/sites/command-site.ts'
import { countOf, makeTuiSite, type TuiSite } from '../../support/sites/tui-site.ts'
import { amongOwnMounts, noOwnMounts } from '../../support/system/own-mounts.ts'

const program = join(import.meta.dirname, '../../../bin/run.js')

interface Refusal {
  readonly message: string
  readonly hint: string
}

const movable = (variable: string) => `Make it writable, or set ${variable} to a folder of your own that is.`

function skipWithoutMounts(this: Mocha.Context): void {
  const reason = noOwnMounts()
  if (reason === null) return
  process.stderr.write(`  What a read-only or full disk does is not tested here: ${reason}\n`)
  this.skip()
}

describe('Folders that cannot be written', function () {
  this.timeout(30_000)
  let home: Scratch
  beforeEach(() => {
    home = makeScratch()
  })
  afterEach(() => home.remove())

  /** Runs commands that all must be refused alike: one that starts the daemon on the way, and the daemon itself. */
  function expectRefusal({ message, hint }: Refusal, { mounts = '', env = {} } = {}): void {
    const run = (...args: string[]) => {
      const [unshare, all] = amongOwnMounts(mounts, [process.execPath, program, ...args])
      const [file, rest] = mounts === '' ? [process.execPath, [program, ...args]] : [unshare, all]
      const { status, stderr } = spawnSync(file, rest, { encoding: 'utf8', env: { ...home.env, ...env } })
      return { status, stderr }
    }
    const [list, daemon] = [run('list'), run('daemon', 'run')]
    // What takes a moment is said to, which it may anywhere.
    const said = list.stderr.replace(/^starting the daemon…\n/, '')
    expect(said).to.match(/^Error: (the daemon cannot start: )?/)
    expect({ ...list, stderr: said.replace('the daemon cannot start: ', '') }).to.deep.equal({
      status: 5,
      stderr: `Error: ${message}\n${hint}\n`,
    })
    expect(daemon).to.deep.equal({ status: 5, stderr: `Error: ${message}\n${hint}\n` })
  }

  it('are named when a file is in their place', () => {
    const data = join(home.dir, 'data/codex-share')
    mkdirSync(dirname(data))
    writeFileSync(data, '')
    const refusal = {
      message: `the data folder ${data} cannot be written: ${data} is not a folder`,
      hint: movable('XDG_DATA_HOME'),
    }
    expectRefusal(refusal)
    rmSync(data)
    writeFileSync(join(home.dir, 'state'), '')
    const log = join(home.dir, 'state/codex-share')
    expectRefusal({
      message: `the log folder ${log} cannot be written: ${home.dir}/state is not a folder`,
      hint: movable('XDG_STATE_HOME'),
    })
  })

  it('are named where nothing can be made, and nobody waits for that for ever', () => {
    const env = { XDG_DATA_HOME: '/proc/no', XDG_CACHE_HOME: '/proc/no' }
    const message = 'the data folder /proc/no/codex-share cannot be written: nothing can be made there'
    expectRefusal({ message, hint: movable('XDG_DATA_HOME') }, { env })
  })

  describe('since the disk is read-only or full', () => {
    before(skipWithoutMounts)

    const readOnly = (path: string) => `mount --bind '${path}' '${path}'; mount -o remount,bind,ro '${path}'`
    const full = (path: string) =>
      `mount -t tmpfs -o size=64k,mode=700 tmpfs '${path}'; cat /dev/zero > '${path}/filler' 2>/dev/null || true`

    it('are named: a read-only home', () => {
      const [dir, data] = [join(home.dir, 'home'), join(home.dir, 'home/.local/share/codex-share')]
      mkdirSync(dir)
      const env = { HOME: dir, XDG_CONFIG_HOME: '', XDG_DATA_HOME: '', XDG_STATE_HOME: '', XDG_CACHE_HOME: '' }
      const message = `the data folder ${data} cannot be written: the file system is read-only`
      expectRefusal({ message, hint: movable('XDG_DATA_HOME') }, { mounts: readOnly(dir), env })
    })

    it('are named: a read-only runtime folder', () => {
      const message = `the runtime folder ${home.runtimeDir} cannot be written: the file system is read-only`
      expectRefusal({ message, hint: movable('CODEX_SHARE_RUNTIME_DIR') }, { mounts: readOnly(home.runtimeDir) })
    })

    it('are named: a full data folder, with what the daemon said and nothing twice', () => {
      const data = join(home.dir, 'data/codex-share')
      mkdirSync(data, { recursive: true, mode: 0o700 })
      const [unshare, args] = amongOwnMounts(full(data), [process.execPath, program, 'list'])
      const { status, stderr } = spawnSync(unshare, args, { encoding: 'utf8', env: home.env })
      expect({ status, stderr: stderr.replace('starting the daemon…\n', '') }).to.deep.equal({
        status: 5,
        stderr: `Error: the daemon at unix://${home.runtimeDir}/daemon.sock could not be started: it ended with exit code 5
  Error: the ledger ${data}/ledger.db cannot be opened: database or disk is full
  Check the folder, its owner and the free space on its disk.
Run \`codex-share daemon run\` to see it fail, or read ${home.dir}/state/codex-share/daemon.log.
`,
      })
    })

    it('are problems that the doctor finds', () => {
      const data = join(home.dir, 'data/codex-share')
      mkdirSync(data, { recursive: true, mode: 0o700 })
      const [unshare, args] = amongOwnMounts(readOnly(data), [process.execPath, program, 'doctor'])
      const { status, stdout } = spawnSync(unshare, args, { encoding: 'utf8', env: home.env })
      expect(status).to.equal(5)
      expect(stdout).to.include(`✗              the data folder ${data} cannot be written: the file system is read-only
               The daemon does not start without it.
               → ${movable('XDG_DATA_HOME')}
`)
    })
  })
})

describe('A restart into a folder that cannot be written', function () {
  this.timeout(60_000)
  let site: CommandSite
  before(async () => {
    site = await makeCommandSite()
  })
  after(() => site.close())

  it('leaves the daemon that runs alone', async () => {
    await site.run('daemon', 'start')
    const pid = await site.daemonPid()
    const [state, away] = [join(site.dir, 'state'), join(site.dir, 'away')]
    renameSync(state, away)
    writeFileSync(state, '')
    const { code, stderr } = await site.run('daemon', 'restart')
    expect({ code, stderr }).to.deep.equal({
      code: 5,
      stderr: `Error: the daemon cannot start: the log folder ${state}/codex-share cannot be written: ${state} is not a folder
The daemon that ran before goes on.
${movable('XDG_STATE_HOME')}
`,
    })
    expect((await site.json('daemon', 'status')).daemon).to.have.property('pid', pid)
    rmSync(state)
    renameSync(away, state)
  })
})

describe('The terminal UI in a home that cannot be written', function () {
  this.timeout(60_000)
  let site: TuiSite
  beforeEach(async () => {
    site = await makeTuiSite()
  })
  afterEach(() => site.close())

  it('works, says once that nothing is remembered, and why nothing can be shared', async () => {
    writeFileSync(join(site.dir, 'state'), '')
    const ui = site.open({ rows: 40 })
    await ui.shows(/LOCAL · .* idle/)
    const reason = `the state folder ${site.dir}/state/codex-share cannot be written`
    await ui.shows(/not remembered/)
    ui.type('good morning')
    ui.press('Enter')
    await ui.shows('You said: good morning')
    ui.type('/share')
    ui.press('Enter')
    await ui.shows('Start sharing this session')
    ui.press('Enter')
    await ui.shows(/not shared: the daemon cannot start/)
    ui.type('and again')
    ui.press('Enter')
    await ui.shows('You said: and again')
    ui.press('C-c', 'C-c')
    expect(await ui.exitCode()).to.equal(0)
    const text = ui.all().replace(/\s+/g, ' ')
    expect(countOf(text, 'not remembered')).to.equal(1)
    expect(text.replaceAll(' ', '')).to.include(reason.replaceAll(' ', ''))
    expect(text).to.include('set XDG_STATE_HOME')
  })
})
