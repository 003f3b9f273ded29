/** When a followed thread has nothing more to show. */
import { expect } from 'chai'
import { EventFrameReader } from '../../../../src/client/connection/event-frames.ts'
import type { FollowEntry } from '../../../../src/client/following/inbox.ts'
import { IdleWatch } from '../../../../src/commands/watching/idle-watch.ts'
import { eventText, runningTurn, threadId } from '../../../support/sites/scripted-daemon.ts'

function event(id: number, method: string): FollowEntry {
  const bytes = Buffer.from(`{"jsonrpc":"2.0","method":"share/event","params":${eventText(id, { method })}}`)
  const frame = new EventFrameReader().read(bytes, 0, bytes.length)
  if (!frame) throw new Error('no event frame')
  return frame
}

const caughtUp: FollowEntry = { kind: 'caughtUp', id: 5 }
const idle: FollowEntry = { kind: 'attached', head: 5, turn: null }
const busy: FollowEntry = { kind: 'attached', head: 5, turn: { ...runningTurn, threadId } }

describe('Waiting until a thread is idle', () => {
  it('waits for the replay, and no longer when no turn runs', () => {
    const watch = new IdleWatch()
    expect([watch.isIdleAfter([idle, event(4, 'turn/started')]), watch.isIdleAfter([caughtUp])]).to.deep.equal([
      false,
      true,
    ])
  })

  it('waits for the end of the turn that runs, wherever it falls', () => {
    const ends = [
      [busy, event(6, 'turn/completed'), caughtUp],
      [busy, caughtUp, event(6, 'turn/completed')],
    ].map((entries) => new IdleWatch().isIdleAfter(entries))
    expect(ends).to.deep.equal([true, true])
    expect(new IdleWatch().isIdleAfter([busy, event(3, 'turn/completed'), caughtUp])).to.equal(false)
  })

  it('waits for a turn that began after the connection stood', () => {
    expect(new IdleWatch().isIdleAfter([idle, event(6, 'turn/started'), caughtUp])).to.equal(false)
  })
})
