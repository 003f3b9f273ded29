/** Stopping a daemon whose own record could not be written: it says itself which process it is. */
import { spawn } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'chai'
import { stopDaemon } from '../../../../src/client/daemon-control/stop-daemon.ts'
import { thisSystem } from '../../../../src/platform/system/this-system.ts'
import { startScriptedDaemon } from '../../../support/sites/scripted-daemon.ts'

describe('Stopping a daemon without a record', () => {
  it('waits for its process, and not only until nobody listens', async () => {
    // Stands in for the rest of the daemon, which ends after its socket.
    const rest = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] })
    const startToken = await thisSystem.startTokenOf(Number(rest.pid))
    const daemon = await startScriptedDaemon()
    daemon.on('share/status', () => statusOf({ pid: Number(rest.pid), startToken }))
    daemon.on('share/shutdown', () => {
      setImmediate(async () => {
        await daemon.leave()
        // Long enough for somebody who only looks at the socket to have seen it gone.
        await delay(300)
        rest.stdin.end()
      })
      return {}
    })
    const stopped = await stopDaemon({
      places: daemon.places,
      identity: { kind: 'script', label: 'ada' },
      appServer: false,
      notice: (text) => expect.fail(text),
    })
    expect(stopped).to.deep.equal({ daemonPid: rest.pid, appServerPid: null })
    expect(await thisSystem.startTokenOf(Number(rest.pid))).to.equal(undefined)
    await daemon.listen()
    await daemon.close()
  })
})

function statusOf(one: { readonly pid: number; readonly startToken: string | undefined }): object {
  return {
    daemon: {
      version: '9',
      ...one,
      startedAt: 'now',
      node: 'v24',
      endpoint: 'e',
      runtimeDir: '/r',
      programChanged: false,
    },
    appServer: {
      ...{ state: 'ready', version: null, pid: null, binary: null, codexHome: null, account: null },
      problem: null,
    },
    ledger: { file: '/l', bytes: 0, events: 0, threads: 0, problem: null },
    ...{ peers: 1, activeTurns: 0, logFile: null },
  }
}
