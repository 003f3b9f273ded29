/** A signal to a real group of processes. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect } from 'chai'
import { sendSignal } from '../../../../src/platform/processes/send-signal.ts'

describe('sending a signal to processes', () => {
  it('ends everything in a real group, and finds nothing there afterwards', async () => {
    const leader = spawn('sh', ['-c', 'sleep 60 & echo $!; wait'], {
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const ended = once(leader, 'close') // Comes when the last that could write to the pipe has gone.
    const { pid = 0 } = leader
    await once(leader.stdout, 'data')
    sendSignal(pid, 'SIGKILL', { group: true })
    expect(await ended).to.deep.equal([null, 'SIGKILL'])
    sendSignal(pid, 'SIGKILL', { group: true })
    sendSignal(pid, 'SIGKILL')
  })
})
