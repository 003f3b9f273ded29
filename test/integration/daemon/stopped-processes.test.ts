/** A process that could not run for longer than a deadline: the time counts for nobody who was stopped, and for all who were not. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { ShareError } from '../../../src/protocol/errors.ts'
import type { TestPeer } from '../../support/peers/test-peer.ts'
import { describeSite } from '../../support/sites/describe-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'
import { signalIfThere } from '../../support/waiting/signal-if-there.ts'
import { stopFor } from '../../support/waiting/stop-for.ts'

const deadlineMs = 3000
const stoppedMs = 4000

/** Runs a program, and gathers what it prints. */
function run(command: string, ...args: string[]) {
  const child: ChildProcessWithoutNullStreams = spawn(command, args)
  child.stderr.pipe(process.stderr)
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  return { child, pid: child.pid ?? 0, ended: once(child, 'exit'), said: () => said.trim().split('\n') }
}

const fixture = (name: string) => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url))

const options = { settings: { limits: { upstreamSeconds: deadlineMs / 1000 } } } as const

describeSite('A process that is stopped for longer than a deadline', options, (site) => {
  let peer: TestPeer
  let appServer: number

  before(async () => {
    peer = await site.connect()
    await peer.startThread()
    appServer = await site.appServerPid()
  })
  beforeEach(() => process.kill(appServer, 'SIGSTOP'))
  afterEach(() => process.kill(appServer, 'SIGCONT'))
  const goOn = () => process.kill(appServer, 'SIGCONT')
  const outcome = (asked: Promise<unknown>) =>
    asked.then(
      () => 'answered',
      (error: unknown) => (error instanceof ShareError ? error.errorName : error),
    )

  it('gets the answer to what it asked before, as a client', async () => {
    const client = run(process.execPath, fixture('ask-once.ts'), site.socket, `${deadlineMs}`)
    await eventually('it has asked', () => client.said().includes('asked'))
    await stopFor(client.pid, stoppedMs, goOn)
    await client.ended
    expect(client.said()).to.deep.equal(['asked', 'answered'])
  })

  it('gets the answer to what it asked Codex before, as the daemon', async () => {
    const models = outcome(peer.call('model/list', {}))
    await peer.call('share/status', {})
    await stopFor(peer.hello.pid, stoppedMs, goOn)
    expect(await models).to.equal('answered')
  })

  it('is given up by a client that was not stopped', async () => {
    let status: Promise<unknown> | undefined
    await stopFor(peer.hello.pid, stoppedMs, () => {
      // Only now: a daemon that still runs may answer first.
      status = outcome(peer.call('share/status', {}, { timeoutMs: 500 }))
    })
    expect(await status).to.equal('timedOut')
  })

  it('is given up by a daemon that was not stopped', async () => {
    const error = await peer.call('model/list', {}).catch((reason: unknown) => reason)
    expect(error).to.have.property('message', 'Codex did not answer model/list within 3 s.')
  })
})

describe('Who stops another process and is stopped meanwhile', function () {
  this.timeout(30_000)

  it('gives it what was left of its time, and does not kill it', async () => {
    const program = `
      process.on('SIGTERM', () => console.log('asked'))
      process.stdin.once('data', () => process.exit(7))
      console.log('ready')`
    const victim = run(process.execPath, '--eval', program)
    await eventually('it listens', () => victim.said().includes('ready'))
    const stopper = run(process.execPath, fixture('stop-recorded.ts'), `${victim.pid}`, `${deadlineMs}`)
    await eventually('it was asked to end', () => victim.said().includes('asked'))
    await stopFor(stopper.pid, stoppedMs)
    // Long enough for one who takes the time for over.
    await delay(500)
    victim.child.stdin.write('end\n', () => {})
    expect(await victim.ended).to.deep.equal([7, null])
    await stopper.ended
    expect(stopper.said()).to.deep.equal(['gone'])
    signalIfThere(victim.pid, 'SIGKILL')
  })
})
