/** Who is told of whom, and in how many writes. */
import { expect } from 'chai'
import { PresenceAnnouncer } from '../../../../src/daemon/peers/presence.ts'
import type { Peer } from '../../../../src/protocol/methods.ts'
import { unguarded } from '../../../../src/rpc/guard.ts'
import { eventually } from '../../../support/waiting/eventually.ts'

describe('PresenceAnnouncer', () => {
  /** Connections that keep what is written to them, one entry a write. */
  const follower = (peerId: string) => {
    const writes: string[] = []
    const sendLines = (lines: Uint8Array) => {
      writes.push(Buffer.from(lines).toString('utf8'))
    }
    return { writes, peer: { peerId, channel: { sendLines, guard: unguarded } } }
  }
  const one = (peerId: string): Peer => {
    return { peerId, label: peerId, kind: 'script', pid: null, since: '', readOnly: false, threads: [] }
  }
  const told = (writes: readonly string[]) =>
    writes.map((lines) =>
      lines
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).params)
        .map(({ threadId, change, peer }) => `${threadId}: ${peer.peerId} ${change}`),
    )

  it('tells a crowd that comes at once in one write to each, and nobody of themselves', async () => {
    const [a, b, c] = [follower('a'), follower('b'), follower('c')]
    const presence = new PresenceAnnouncer((threadId) => (threadId === 'x' ? [a.peer, b.peer] : [c.peer]))
    presence.announce('x', 'joined', one('a'))
    presence.announce('x', 'joined', one('b'))
    presence.announce('y', 'joined', one('c'))
    presence.announce('x', 'left', one('d'))
    await eventually('they are told', () => a.writes.length > 0 && b.writes.length > 0)
    expect([told(a.writes), told(b.writes), told(c.writes)]).to.deep.equal([
      [['x: b joined', 'x: d left']],
      [['x: a joined', 'x: d left']],
      [],
    ])
    presence.announce('y', 'left', one('d'))
    await eventually('the next is told, too', () => c.writes.length > 0)
    expect([told(c.writes), a.writes.length]).to.deep.equal([[['y: d left']], 1])
  })
})
