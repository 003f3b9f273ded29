/** The daemon's start and end as a whole, in this process, without a Codex. */
import { existsSync, mkdirSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { expect } from 'chai'
import { pino } from 'pino'
import { UserCodexServer } from '../../../../src/daemon/codex-link/user-codex-server.ts'
import { HealSlots } from '../../../../src/daemon/gate/heal-slots.ts'
import { Recorder } from '../../../../src/daemon/publishing/recorder.ts'
import { CodexQueue } from '../../../../src/daemon/queue/codex-queue.ts'
import { QueueDrain } from '../../../../src/daemon/queue/queue-drain.ts'
import { startDaemon } from '../../../../src/daemon/start/start-daemon.ts'
import type { StartDaemonOptions } from '../../../../src/daemon/start/start-daemon-options.ts'
import { LedgerCheck } from '../../../../src/daemon/upkeep/ledger-check.ts'
import { openLedger } from '../../../../src/ledger/ledger.ts'
import { makeScratch, type Scratch } from '../../../support/scratch.ts'
import { daemonOptions } from '../../../support/sites/daemon-options.ts'

describe('The daemon', () => {
  let scratch: Scratch
  let options: StartDaemonOptions
  beforeEach(() => {
    scratch = makeScratch()
    options = daemonOptions(scratch)
  })
  afterEach(() => scratch.remove())

  /** What there is of it: its two sockets, its owner record, and its hold on the ledger. */
  const traces = () => {
    const { daemonSocket, codexSocket, ownerRecord, ledgerFile } = options.places
    return {
      sockets: [daemonSocket, codexSocket].map(existsSync),
      owner: existsSync(ownerRecord),
      hasLedger: isHeld(ledgerFile),
    }
  }
  const isHeld = (ledgerFile: string) => {
    try {
      openLedger(ledgerFile).close()
      return false
    } catch {
      return true
    }
  }
  const nothing = { sockets: [false, false], owner: false, hasLedger: false }

  it('serves without a Codex, and leaves nothing behind when it ends, however often it is told to', async () => {
    const logged: string[] = []
    const log = pino({ level: 'info' }, { write: (line: string) => void logged.push(JSON.parse(line).msg) })
    const daemon = await startDaemon({ ...options, log: log as never })
    if (!daemon.started) throw new Error('another daemon runs')
    expect(traces()).to.deep.equal({ sockets: [true, true], owner: true, hasLedger: true })
    const peer = await new Promise<Socket>((resolve) => {
      const socket = connect(options.places.daemonSocket, () => resolve(socket))
    })
    const gone = new Promise((resolve) => peer.once('close', resolve))
    await Promise.all([daemon.close({ appServer: false }), daemon.close({ appServer: false })])
    await gone
    expect(traces()).to.deep.equal(nothing)
    expect(logged).to.include('the daemon serves')
  })

  it('stops what acts by itself before its sockets close, then the links, then the recorder, the record and the ledger', async () => {
    const daemon = await startDaemon(options)
    const steps: string[] = []
    const { daemonSocket, ownerRecord } = options.places
    const parts = { LedgerCheck, QueueDrain, CodexQueue, HealSlots, UserCodexServer, Recorder }
    const restore = Object.entries(parts).map(([name, { prototype }]) => {
      const { close } = prototype as { close(): void | Promise<void> }
      prototype.close = function (this: unknown) {
        const there = [daemonSocket, ownerRecord].map((path) => (existsSync(path) ? 'there' : 'gone'))
        steps.push(`${name}: socket ${there[0]}, record ${there[1]}`)
        return close.call(this) as Promise<void>
      }
      return () => Object.assign(prototype, { close })
    })
    if (daemon.started) await daemon.close({ appServer: false })
    for (const one of restore) one()
    const before = ['LedgerCheck', 'QueueDrain', 'CodexQueue', 'HealSlots'].map(
      (name) => `${name}: socket there, record there`,
    )
    const after = ['UserCodexServer', 'Recorder'].map((name) => `${name}: socket gone, record there`)
    expect(steps.slice(0, 4)).to.have.members(before)
    expect(steps.slice(4)).to.deep.equal(after)
  })

  it('gives up the socket that it has claimed where the ledger cannot be opened', async () => {
    mkdirSync(options.places.ledgerFile)
    const error = await startDaemon(options).catch((reason: unknown) => reason)
    expect(error).to.include({ errorName: 'unavailable' })
    expect(traces().sockets).to.deep.equal([false, false])
  })

  it('can be started again in the same place at once', async () => {
    for (let time = 0; time < 2; time += 1) {
      const daemon = await startDaemon(options)
      expect(daemon.started).to.equal(true)
      if (daemon.started) await daemon.close({ appServer: false })
    }
    expect(traces()).to.deep.equal(nothing)
  })
})
