/** Users as containers and sudo make them: an id without a name, no HOME, root in the home of somebody else. */
import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { makeScratch, type Scratch } from '../../support/scratch.ts'

const program = join(import.meta.dirname, '../../../bin/run.js')
const uid = 43_210

describe('A user', function () {
  this.timeout(30_000)
  let home: Scratch
  before(function () {
    if (process.getuid?.() === 0) return
    process.stderr.write('  Users without a name are not tested here: that takes root\n')
    this.skip()
  })
  beforeEach(() => {
    home = makeScratch()
    chownSync(home.dir, uid, uid)
  })
  afterEach(() => home.remove())

  /** Runs a command with nothing but HOME set. */
  function run(args: readonly string[], { user = uid, HOME = home.dir as string | null } = {}) {
    const ids = ['--reuid', String(user), '--regid', String(user), '--clear-groups']
    const { status, stdout, stderr } = spawnSync('setpriv', [...ids, process.execPath, program, ...args], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, NO_COLOR: '1', ...(HOME === null ? {} : { HOME }) },
    })
    return { status, stdout, stderr }
  }

  it('without a name in the system’s list can do everything', () => {
    mkdirSync(join(home.dir, '.codex'))
    chownSync(join(home.dir, '.codex'), uid, uid)
    expect(run(['--version'])).to.include({ status: 0, stderr: '' })
    expect(run(['list'])).to.include({ status: 0 })
    expect(run(['who', '--json'])).to.deep.equal({ status: 0, stdout: '[]\n', stderr: '' })
    expect(run(['doctor']).stdout).not.to.match(/could not be looked at|SystemError/)
    expect(run(['service', 'status']).stderr).not.to.match(/SystemError/)
    expect(run(['daemon', 'stop', '--all'])).to.include({ status: 0 })
  })

  it('without a name and without HOME is told what to set', () => {
    const said = `Error: The user with the id ${uid} has no home folder in the list of this system. Set HOME to a folder of your own.\n`
    for (const command of ['--version', 'list'])
      expect(run([command], { HOME: null })).to.deep.equal({ status: 5, stdout: '', stderr: said })
  })

  it('who is root leaves nothing in the home of somebody else', () => {
    chmodSync(home.dir, 0o755)
    const before = readdirSync(home.dir)
    const { status, stderr } = run(['list'], { user: 0 })
    expect({ status, stderr }).to.deep.equal({
      status: 5,
      stderr: `Error: root is not to write in ${home.dir}, which belongs to another user
Run it without sudo. For threads of root’s own use \`sudo -H\`, or set HOME (and XDG_… variables, if any) to folders of root’s.
`,
    })
    expect(run(['--version'], { user: 0 }).status).to.equal(0)
    expect(run(['daemon', 'run'], { user: 0 }).status).to.equal(5)
    expect(readdirSync(home.dir)).to.deep.equal(before)
  })

  it('who is root is at home in a folder of root’s', () => {
    chownSync(home.dir, 0, 0)
    writeFileSync(join(home.dir, 'mine'), '')
    expect(run(['--version'], { user: 0 }).status).to.equal(0)
    expect(run(['daemon', 'stop'], { user: 0 })).to.deep.equal({
      status: 0,
      stdout: 'The daemon was not running.\n',
      stderr: '',
    })
  })
})
