/** Stopping a daemon that has no record here: it keeps another ledger, and is seen at its socket alone. */
import { expect } from 'chai'
import { stopDaemon } from '../../../../src/client/daemon-control/stop-daemon.ts'
import { type ScriptedDaemon, startScriptedDaemon } from '../../../support/sites/scripted-daemon.ts'

const status = {
  daemon: {
    ...{ version: '9', pid: 4242, startedAt: 'now', node: 'v24', endpoint: 'e', runtimeDir: '/r' },
    programChanged: false,
  },
  appServer: {
    ...{ state: 'ready', version: null, pid: null, binary: null, codexHome: null, account: null },
    problem: null,
  },
  ledger: { file: '/l', bytes: 0, events: 0, threads: 0, problem: null },
  ...{ peers: 1, activeTurns: 0, logFile: null },
}

describe('Stopping a daemon', () => {
  let daemon: ScriptedDaemon
  const notices: string[] = []
  beforeEach(async () => {
    notices.length = 0
    daemon = await startScriptedDaemon()
    daemon.on('share/status', () => status)
  })
  afterEach(() => daemon.close())

  const stop = () => {
    const identity = { kind: 'script', label: 'ada' } as const
    return stopDaemon({ places: daemon.places, identity, appServer: false, notice: (text) => notices.push(text) })
  }

  it('asks it, and has stopped it when nobody listens any more', async () => {
    daemon.on('share/shutdown', () => {
      setImmediate(() => void daemon.leave())
      return {}
    })
    expect(await stop()).to.deep.equal({ daemonPid: 4242, appServerPid: null })
    expect(daemon.asked).to.deep.equal([
      { method: 'share/status', params: {} },
      { method: 'share/shutdown', params: { appServer: false, reason: 'stopped by ada' } },
    ])
    expect(notices).to.deep.equal([])
    await daemon.listen()
  })

  it('has asked one that goes before its answer has left', async () => {
    daemon.on('share/shutdown', () => {
      daemon.die()
      return new Promise(() => {})
    })
    expect(await stop()).to.deep.equal({ daemonPid: 4242, appServerPid: null })
    await daemon.listen()
  })

  it('finds nothing to stop where nobody listens', async () => {
    await daemon.leave()
    expect(await stop()).to.deep.equal({ daemonPid: null, appServerPid: null })
    await daemon.listen()
  })
})
