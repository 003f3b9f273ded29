/** What one handover asks of the links, and what the client gets; the order of frames is tested in `handover-step`. */
import { expect } from 'chai'
import { ClientThreads } from '../../../../../src/daemon/codex-socket/client-threads.ts'
import { type CallFrame, peekFrame } from '../../../../../src/daemon/codex-socket/frames/peek-frame.ts'
import { LinkHandover } from '../../../../../src/daemon/codex-socket/shared-link/link-handover.ts'
import type { Place } from '../../../../../src/daemon/codex-socket/shared-link/shared-link.ts'
import type { PassOptions } from '../../../../../src/daemon/codex-socket/stock-session.ts'
import { unguarded } from '../../../../../src/rpc/guard.ts'

const start = { method: 'turn/started', params: { threadId: 't', turn: { id: 'x', rootTurnId: 'x' } } }
const delta = (text: string) => ({ method: 'item/agentMessage/delta', params: { threadId: 't', delta: text } })

describe('The handover of a thread', () => {
  let log: string[]
  let follows: boolean
  let place: Place | undefined
  /** The requests that went over the client's own link. */
  let asked: { readonly id: string; readonly options: PassOptions | undefined }[]
  const thread = new ClientThreads().add({ thread: { id: 't' } }, { isNew: false })
  let handover: LinkHandover

  beforeEach(() => {
    ;[log, follows, place, asked] = [[], true, undefined, []]
    if (!thread) throw new Error('no thread')
    thread.turnId = null
    handover = new LinkHandover({
      thread,
      link: {
        join: (threadId) => log.push(`join ${threadId}`),
        leave: (threadId) => log.push(`leave ${threadId}`),
        follows: () => follows,
        place: () => place,
      },
      client: {
        guard: unguarded,
        server: {
          pass: ({ id, method }, options, params) => {
            asked.push({ id, options })
            log.push(`${method} ${JSON.stringify(params)}`)
          },
        },
        deliver: (data) => log.push(`deliver ${JSON.parse(String(data)).params.delta}`),
        cutOff: (reason) => log.push(`cut off: ${reason}`),
      },
      maxQueuedBytes: 1000,
    })
    log = []
  })

  const framed = (message: object): [CallFrame, Buffer] => {
    const data = Buffer.from(JSON.stringify(message))
    return [peekFrame(data) as CallFrame, data]
  }
  const own = (message: object) => handover.onOwnFrame(...framed(message))
  const shared = (message: object) => {
    const [frame, data] = framed(message)
    place = message === start ? { turnId: 'x', frames: 0 } : place && { ...place, frames: place.frames + 1 }
    handover.onSharedFrame(data, frame)
  }
  const reply = (status: string, index = 0) =>
    asked[index]?.options?.onReply?.(Buffer.from(JSON.stringify({ id: 1, result: { status } })))
  const unsubscribe = 'thread/unsubscribe {"threadId":"t"}'

  it('unsubscribes the own link, for the daemon alone, once both have sent the start of a turn', () => {
    const passed = [own(start), own(delta('1'))]
    expect([passed, log, handover.isOwn]).to.deep.equal([[true, true], [], true])
    shared(start)
    expect([log, handover.isOwn, asked[0]?.options?.isOurs]).to.deep.equal([[unsubscribe], false, true])
  })

  it('gives the client each frame once, from the shared link after the change', () => {
    own(start)
    shared(start)
    const passed = [own(delta('1'))]
    reply('unsubscribed')
    for (const text of ['1', '2']) shared(delta(text))
    passed.push(own(delta('2')))
    expect([passed, log.slice(1)]).to.deep.equal([[true, false], ['deliver 2']])
  })

  it('stays on the own link where Codex does not unsubscribe it', () => {
    own(start)
    shared(start)
    reply('notSubscribed')
    expect([handover.isOwn, own(delta('1'))]).to.deep.equal([true, true])
  })

  for (const [what, begin] of [
    ['in the middle of a turn', () => own(delta('1'))],
    [
      'while the shared link does not follow the thread',
      () => {
        follows = false
        own(start)
      },
    ],
  ] as const)
    it(`stays on the own link ${what}`, () => {
      begin()
      shared(start)
      expect([handover.isOwn, handover.watches, log]).to.deep.equal([true, false, []])
    })

  it('watches the own link from the start of a turn to its end', () => {
    const watched = [handover.watches]
    own(start)
    watched.push(handover.watches)
    own({ method: 'turn/completed', params: { threadId: 't', turn: { id: 'x' } } })
    watched.push(handover.watches)
    expect(watched).to.deep.equal([false, true, false])
  })

  it('asks again under another id where the client resumes, and goes by the first reply', () => {
    own(start)
    shared(start)
    if (thread) thread.turnId = 'x'
    handover.onResumed()
    expect(log).to.deep.equal([unsubscribe, 'join t', unsubscribe])
    expect(new Set(asked.map(({ id }) => id)).size).to.equal(2)
    reply('notSubscribed', 1)
    expect(handover.isOwn).to.equal(false)
    reply('notSubscribed', 0)
    expect(handover.isOwn).to.equal(true)
  })

  it('returns to the own link where the client resumes between turns', () => {
    own(start)
    shared(start)
    reply('unsubscribed')
    handover.onResumed()
    expect(handover.isOwn).to.equal(true)
  })

  it('cuts the client off where the shared link ends, unless the own link sends', () => {
    handover.onLinkLost('gone')
    expect(log).to.deep.equal([])
    own(start)
    shared(start)
    handover.onLinkLost('gone')
    expect([log.at(-1), handover.isOwn]).to.deep.equal(['cut off: gone', true])
  })

  it('leaves the shared link with the thread', () => {
    own(start)
    shared(start)
    handover.leave()
    expect([log.at(-1), handover.isOwn]).to.deep.equal(['leave t', true])
  })
})
