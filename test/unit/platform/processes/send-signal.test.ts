/** A signal reaches the group, or at least the process that leads it; what has ended already is no failure. */
import { expect } from 'chai'
import { sendSignal } from '../../../../src/platform/processes/send-signal.ts'
import { ShareError } from '../../../../src/protocol/errors.ts'

/** A system call that writes down what it was asked for, and refuses these targets with these codes. */
function scriptedKill(refused: Readonly<Record<number, string>>) {
  const calls: string[] = []
  const kill = (target: number, signal: NodeJS.Signals) => {
    calls.push(`${signal} ${target}`)
    const code = refused[target]
    if (code !== undefined) throw Object.assign(new Error(`kill ${code}`), { code })
  }
  return { calls, kill }
}

describe('sending a signal', () => {
  it('goes to the process alone, or to its group', () => {
    const { calls, kill } = scriptedKill({})
    sendSignal(41, 'SIGTERM', { kill })
    sendSignal(41, 'SIGKILL', { group: true, kill })
    expect(calls).to.deep.equal(['SIGTERM 41', 'SIGKILL -41'])
  })

  it('goes to the process where its group may not be signalled', () => {
    const { calls, kill } = scriptedKill({ [-41]: 'EPERM' })
    sendSignal(41, 'SIGKILL', { group: true, kill })
    expect(calls).to.deep.equal(['SIGKILL -41', 'SIGKILL 41'])
  })

  it('is content with a process or a group that has gone', () => {
    const { calls, kill } = scriptedKill({ [-41]: 'EPERM', 41: 'ESRCH', [-42]: 'ESRCH' })
    sendSignal(41, 'SIGKILL', { group: true, kill })
    sendSignal(42, 'SIGKILL', { group: true, kill })
    expect(calls).to.deep.equal(['SIGKILL -41', 'SIGKILL 41', 'SIGKILL -42'])
  })

  it('says which process may not be signalled, and why', () => {
    const { kill } = scriptedKill({ [-41]: 'EPERM', 41: 'EPERM' })
    const send = () => sendSignal(41, 'SIGTERM', { group: true, kill })
    expect(send)
      .to.throw(ShareError, 'SIGTERM could not be sent to the process 41: kill EPERM')
      .that.deep.include({ errorName: 'unavailable', facts: { pid: 41 } })
      .and.has.property('cause')
  })
})
