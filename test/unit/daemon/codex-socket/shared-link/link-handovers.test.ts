/** Which link sends each thread of one stock client. */
import { expect } from 'chai'
import { ClientThreads } from '../../../../../src/daemon/codex-socket/client-threads.ts'
import { peekFrame } from '../../../../../src/daemon/codex-socket/frames/peek-frame.ts'
import { LinkHandovers } from '../../../../../src/daemon/codex-socket/shared-link/link-handovers.ts'
import type { SharedLink } from '../../../../../src/daemon/codex-socket/shared-link/shared-link.ts'
import { unguarded } from '../../../../../src/rpc/guard.ts'

describe('The handovers of a stock client', () => {
  let log: string[]
  let threads: ClientThreads
  let hasLink: boolean
  let handovers: LinkHandovers

  beforeEach(() => {
    ;[log, threads, hasLink] = [[], new ClientThreads(), true]
    // The shared link has sent the start of turn `x` in every thread.
    const link = {
      join: (threadId: string) => log.push(`join ${threadId}`),
      leave: (threadId: string) => log.push(`leave ${threadId}`),
      follows: () => true,
      place: () => ({ turnId: 'x', frames: 0 }),
    } as unknown as SharedLink
    const pass = (_request: unknown, _options: unknown, { threadId }: { threadId?: unknown } = {}) =>
      void log.push(`unsubscribe ${threadId}`)
    handovers = new LinkHandovers({
      client: { guard: unguarded, server: { pass }, deliver: () => {}, cutOff: () => {} },
      maxQueuedBytes: 100,
      link: () => (hasLink ? link : undefined),
    })
  })

  const open = (id: string, isHelper = false) => {
    const thread = threads.add({ thread: { id, ephemeral: isHelper } }, { isNew: false })
    if (thread) handovers.onOpened(thread)
  }
  const own = (method: string, params: object) => {
    const data = Buffer.from(JSON.stringify({ method, params }))
    const frame = peekFrame(data)
    return 'method' in frame && handovers.onOwnFrame(frame, data)
  }
  const startTurn = (threadId: string) => own('turn/started', { threadId, turn: { id: 'x', rootTurnId: 'x' } })

  it('begin for each thread on its own link', () => {
    for (const id of ['a', 'b', 'a']) open(id)
    expect([log, handovers.isOwn('a')]).to.deep.equal([['join a', 'join b', 'join a'], true])
  })

  it('leave alone helpers, and all threads where there can be no shared link', () => {
    open('h', true)
    hasLink = false
    open('a')
    startTurn('a')
    expect([log, handovers.isOwn('a'), handovers.isOwn('unknown')]).to.deep.equal([[], true, true])
  })

  it('move each thread by its own frames', () => {
    for (const id of ['a', 'ab']) open(id)
    log = []
    expect(startTurn('ab')).to.equal(true)
    expect([log, handovers.isOwn('a'), handovers.isOwn('ab')]).to.deep.equal([['unsubscribe ab'], true, false])
  })

  it('pass what is about another thread, or about none, though it names one of these', () => {
    open('a')
    startTurn('a')
    log = []
    for (const params of [{ threadId: 'b', text: 'a' }, { text: 'a' }])
      expect(own('item/agentMessage/delta', params)).to.equal(true)
    expect(log).to.deep.equal([])
  })

  it('end with the thread, or with the client', () => {
    for (const id of ['a', 'b', 'c']) open(id)
    startTurn('b')
    log = []
    handovers.onClosed('a')
    handovers.onClosed('a')
    expect(log).to.deep.equal(['leave a'])
    handovers.reset()
    expect([log, handovers.isOwn('b')]).to.deep.equal([['leave a', 'leave b', 'leave c'], true])
  })
})
