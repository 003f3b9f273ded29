/** A daemon that says nothing any more, and is heard again. */
import { expect } from 'chai'
import type { DaemonClient } from '../../../../src/client/connection/daemon-client.ts'
import { watchPulse } from '../../../../src/tui/session/watch-pulse.ts'
import { eventually } from '../../../support/eventually.ts'
import {
  type Connection,
  type ScriptedDaemon,
  startScriptedDaemon,
  threadId,
} from '../../../support/scripted-daemon.ts'

describe('The pulse of the daemon', () => {
  let daemon: ScriptedDaemon
  let client: DaemonClient
  let connection: Connection | undefined
  let watching: Promise<void>
  const told: string[] = []
  const leaving = new AbortController()

  before(async () => {
    daemon = await startScriptedDaemon()
    daemon.on('share/who', (_params, from) => {
      connection = from
      return { peers: [] }
    })
    client = await daemon.link().client()
    watching = watchPulse({
      client,
      threadId,
      signal: leaving.signal,
      // Long against any pause of this process, which is the daemon too: all that waits is late by as much.
      everyMs: 400,
      onSilent: () => told.push('silent'),
      onHeard: () => told.push('heard'),
    })
  })

  after(() => daemon.close())

  it('is not spoken of while there are answers', async () => {
    const before = daemon.asked.length
    await eventually('it was asked a few times', () => daemon.asked.length > before + 3)
    expect(told).to.deep.equal([])
  })

  it('is missed once when the answers stop, and may be asked for as often as one likes', async () => {
    daemon.on('share/who', () => new Promise(() => {}))
    await eventually('it is missed', () => told.length > 0)
    const before = daemon.asked.length
    await eventually('it was asked again', () => daemon.asked.length > before + 2)
    expect(told).to.deep.equal(['silent'])
  })

  it('is there again with anything that comes', async () => {
    connection?.sendEvent(1)
    await eventually('it is heard', () => told.at(-1) === 'heard')
    expect(told).to.deep.equal(['silent', 'heard'])
  })

  it('is not missed while events come, however late the answers are', async () => {
    const before = daemon.asked.length
    await eventually('several answers were due', () => {
      connection?.sendEvent(2)
      return daemon.asked.length > before + 4
    })
    expect(told).to.deep.equal(['silent', 'heard'])
  })

  it('is no longer felt when the thread is left', async () => {
    leaving.abort()
    await watching
  })
})
