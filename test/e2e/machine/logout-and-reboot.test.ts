/** What the service promises over logout, shutdown and power failure: on a system that really boots, with the real Codex. */
import { copyFileSync, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { controlSocketPath } from '../../../src/platform/places/codex-home.ts'
import type { ShareEvent } from '../../../src/protocol/events.ts'
import { isDelta } from '../../../src/protocol/notifications.ts'
import { type BootedSystem, bootSystem } from '../../support/system/booted-systemd.ts'
import type { Login } from '../../support/system/login.ts'
import { NoSystemd, uid } from '../../support/system/systemd-namespaces.ts'
import { eventually } from '../../support/waiting/eventually.ts'
import { withoutWaiting } from '../../support/waiting/without-waiting.ts'

const units = ['codex-share.socket', 'codex-share.service', 'codex-share-app-server.service']
const patienceMs = 60_000

describe('The service over logout and reboot', function () {
  this.timeout(180_000)
  let machine: BootedSystem
  let person: Login
  let threadId: string
  /** The thread as it was last read. */
  let known: ShareEvent[] = []

  before(async function () {
    try {
      machine = await bootSystem()
    } catch (error) {
      if (!(error instanceof NoSystemd)) throw error
      process.stderr.write(`  Logout and reboot are not tested here: ${error.message}\n`)
      this.skip()
    }
  })

  after(() => machine?.close())

  const lastId = () => known.at(-1)?.id ?? 0

  /** Reads the whole thread; gives what is new since the last time, behind what must still be there as it was. */
  async function read(): Promise<ShareEvent[]> {
    const asked = ['--thread', threadId, '--from', '1', '--limit', '10000', '--json']
    const { status, stdout, stderr } = await person.share('get', ...asked)
    expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '' })
    const { events }: { events: ShareEvent[] } = JSON.parse(stdout)
    const lasting = events.filter(({ method }) => !isDelta(method))
    const [before, added] = [lasting.slice(0, known.length), lasting.slice(known.length)]
    expect(before).to.deep.equal(known)
    known = lasting
    return added
  }

  /** Posts, and gives the id of the first event that this added. */
  async function post(words: string): Promise<number> {
    await read()
    const { status, stdout } = await person.share('post', '--thread', threadId, '--prompt', words)
    expect(stdout).to.include(`You said: ${words}`)
    expect(status).to.equal(0)
    return (await read())[0]?.id ?? 0
  }

  /** Starts a turn that goes on until `machine.model.release(gate)`, and gives its id. */
  async function holdTurn(gate: string): Promise<string> {
    const { stdout } = await person.share('post', '--thread', threadId, '--prompt', `hold ${gate}`, '--no-wait')
    await eventually(
      'the answer begins',
      async () => {
        const shown = await person.share('get', '--thread', threadId)
        return shown.stdout.trimEnd().endsWith('Before the hold.')
      },
      patienceMs,
    )
    await read()
    return stdout.trim()
  }

  /** Waits for the end of a turn, and gives its status. */
  async function endOf(turnId: string): Promise<string> {
    const end = await eventually(
      'the turn has ended',
      async () => {
        await read()
        return known.find((event) => event.method === 'turn/completed' && event.turnId === turnId)
      },
      patienceMs,
    )
    return (end.params as { turn: { status: string } }).turn.status
  }

  /** logind has let go of the user, whose last process it has seen ended. */
  const gone = () =>
    eventually('the user is gone', () => !existsSync(machine.user.seen(`/run/user/${uid}`)), patienceMs)

  /** Asked of systemd by somebody who has not logged in; to ask the daemon would start it. */
  const allUp = () =>
    eventually(
      'all units are active',
      async () => {
        const { stdout } = await machine.user.run('systemctl', '--user', 'is-active', ...units)
        return stdout === 'active\nactive\nactive\n'
      },
      patienceMs,
    )

  /** The user is there although nobody has logged in. */
  const noSession = async () =>
    (await machine.asRoot('loginctl', 'show-user', '--property=State', 'tester')) === 'State=lingering\n'

  /** The daemon that the manager keeps listens where a plain `codex` looks. */
  const adopted = () =>
    eventually(
      'it is adopted',
      async () => {
        const { stdout } = await machine.user.share('adopt', '--status', '--json')
        return JSON.parse(stdout).state === 'listening'
      },
      patienceMs,
    )

  const unitFailures = async () => {
    const journal = await machine.asRoot('journalctl', '--output=cat', `_UID=${uid}`)
    return journal.match(/codex-share\S*: Failed with result.*/g)
  }

  it('says that it ends with the logout, and then ends in order', async () => {
    person = await machine.logIn()
    const { status, stderr } = await person.share('service', 'install', '--adopt')
    expect({ status, stderr: withoutWaiting(stderr) }).to.deep.equal({
      status: 0,
      stderr:
        'It ends when you log out. To keep it up after that: loginctl enable-linger tester (or install with --linger)\n',
    })
    const started = await person.share('start', '--cwd', '/run/home/work', '--json')
    threadId = (JSON.parse(started.stdout) as { threadId: string }).threadId
    await post('good morning')
    await person.logOut()
    await gone()
    expect((await machine.user.run('pgrep', '--list-full', '--uid', String(uid))).stdout).to.equal('')
    expect(await unitFailures()).to.equal(null)
    // SQLite takes its log away when the file is closed as it should be, and only then.
    const data = readdirSync(join(machine.home, '.local/share/codex-share'))
    expect(data.filter((name) => name.startsWith('ledger.db'))).to.deep.equal(['ledger.db'])
    expect(existsSync(controlSocketPath(join(machine.home, '.codex')))).to.equal(false)
  })

  it('answers the first client after the next login, and the thread goes on', async () => {
    person = await machine.logIn()
    const peer = await machine.user.connect()
    await peer.follow(threadId, 0)
    await eventually('the thread is replayed', () => peer.events.length >= known.length, patienceMs)
    expect(peer.events.slice(0, known.length)).to.deep.equal(known)
    await adopted()
    const last = lastId()
    expect(await post('good morning again')).to.be.within(last + 1, last + 100)
  })

  it('closes a turn that the logout cut short', async () => {
    const turnId = await holdTurn('logout')
    await person.logOut()
    await gone()
    expect(await unitFailures()).to.equal(null)
    person = await machine.logIn()
    expect(await endOf(turnId)).to.equal('failed')
    await post('and on')
  })

  it('goes on where lingering is on and the session is torn down, with the turn that runs', async () => {
    const { status, stderr } = await person.share('service', 'install', '--linger')
    expect({ status, stderr: withoutWaiting(stderr) }).to.deep.equal({ status: 0, stderr: '' })
    const pids = () => machine.user.ok('systemctl', '--user', 'show', '--property=MainPID', ...units.slice(1))
    const before = await pids()
    const turnId = await holdTurn('linger')
    await machine.asRoot(
      'loginctl',
      'terminate-session',
      (await person.run('printenv', 'XDG_SESSION_ID')).stdout.trim(),
    )
    await person.ended
    await eventually('the session is over', noSession, patienceMs)
    machine.model.release('linger')
    const peer = await machine.user.connect()
    await peer.follow(threadId, 0)
    expect(await peer.turnEnd(turnId)).to.equal('completed')
    person = await machine.logIn()
    expect(await endOf(turnId)).to.equal('completed')
    expect((await person.share('get', '--thread', threadId)).stdout).to.include('After the hold.')
    expect(await pids()).to.equal(before)
  })

  it('is up after a reboot before anybody logs in, with the thread as it was', async () => {
    const turnId = await holdTurn('reboot')
    await machine.powerOff()
    await machine.boot()
    await allUp()
    expect(await noSession()).to.equal(true)
    await adopted()
    person = await machine.logIn()
    const last = lastId()
    expect(await endOf(turnId)).to.equal('failed')
    expect(await post('after the reboot')).to.be.within(last + 1, last + 100)
  })

  it('gives no id twice after the power has failed, although the last that was written is lost', async () => {
    await read()
    const data = join(machine.home, '.local/share/codex-share')
    const files = readdirSync(data).filter((name) => name.startsWith('ledger.db'))
    for (const name of files) copyFileSync(join(data, name), join(machine.home, name))
    const kept = known
    await post('lost words')
    const turnId = await holdTurn('power')
    const last = lastId()
    await machine.cutPower()
    for (const name of files) copyFileSync(join(machine.home, name), join(data, name))
    known = kept
    await machine.boot()
    await allUp()
    person = await machine.logIn()
    await eventually(
      'the lost turn is back',
      async () => {
        await read()
        return JSON.stringify(known).includes('You said: lost words')
      },
      patienceMs,
    )
    expect(known[kept.length]?.id).to.be.above(last)
    await post('after the failure')
    expect(await endOf(turnId)).to.equal('failed')
  })
})
