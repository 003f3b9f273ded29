/** What becomes of a followed thread's notifications in each state of its attachment. */
import { expect } from 'chai'
import { decodeNotification } from '../../../../src/codex/decoding/decode-notification.ts'
import type { Thread } from '../../../../src/codex/decoding/upstream-types.ts'
import { type Attachment, Attachments } from '../../../../src/daemon/threads/attachments.ts'
import type { KnownTurn } from '../../../../src/daemon/threads/reconcile.ts'
import { threadOf } from '../../../support/sites/thread-site.ts'

const threadId = 'a'
const thread = threadOf(threadId) as unknown as Thread

describe('An attachment', () => {
  let known: Map<string, KnownTurn>
  let steps: string[]
  let attachments: Attachments

  beforeEach(() => {
    ;[known, steps] = [new Map(), []]
    const unknown = { started: false, ended: false, completedItems: new Set<string>() }
    attachments = new Attachments({
      notifications: {
        record: (id, { method, turnId }) => void steps.push(`${id}: ${method} ${turnId}`),
        onUnfollowed: (id, { method, turnId }) => void steps.push(`${id} unfollowed: ${method} ${turnId}`),
      },
      stored: { knows: (_, turnId) => known.get(turnId) ?? unknown },
    })
  })

  const begin = (early?: Attachment['early']) => attachments.begin(threadId, Promise.resolve(thread), early ?? [])
  const come = (method: string, turnId: string, id = threadId) =>
    attachments.receive(
      decodeNotification(method, { threadId: id, turn: { id: turnId, status: 'completed', completedAt: 1 } }, 1),
    )
  const state = () => {
    if (!attachments.get(threadId)) return 'none'
    if (!attachments.isFollowed(threadId)) return 'unloaded'
    return attachments.isLive(threadId) ? 'live' : 'catching up'
  }
  /** How it comes into each state. */
  const into = {
    none: () => {},
    'catching up': () => void begin(),
    live: () => attachments.beginLive(thread),
    unloaded: () => {
      attachments.beginLive(thread)
      attachments.noteUnloaded(threadId)
    },
  } as const
  const live = () => {
    const attachment = attachments.get(threadId)
    if (attachment) attachments.goLive(threadId, attachment, [])
  }

  const cases: readonly (readonly [
    from: keyof typeof into,
    what: string,
    act: () => unknown,
    to: keyof typeof into,
  ])[] = [
    ['none', 'begin', () => begin(), 'catching up'],
    ['none', 'a thread is put away', () => attachments.noteUnloaded(threadId), 'none'],
    ['catching up', 'it goes live', live, 'live'],
    ['catching up', 'it is unloaded', () => attachments.noteUnloaded(threadId), 'unloaded'],
    ['catching up', 'it fails', () => attachments.fail(threadId, attachments.get(threadId) ?? begin()), 'none'],
    ['catching up', 'it is dropped', () => attachments.drop(threadId), 'none'],
    ['catching up', 'it begins again', () => begin(), 'catching up'],
    ['live', 'Codex closes it', () => come('thread/closed', 't1'), 'none'],
    ['live', 'Codex archives it', () => come('thread/archived', 't1'), 'unloaded'],
    ['live', 'it is not loaded', () => attachments.noteUnloaded(threadId), 'unloaded'],
    ['live', 'the link ends', () => attachments.dropAllExcept([]), 'none'],
    ['live', 'another link than its own ends', () => attachments.dropAllExcept([threadId]), 'live'],
    ['unloaded', 'it begins again', () => begin(), 'catching up'],
    ['unloaded', 'it goes live', live, 'unloaded'],
    ['unloaded', 'another link than its own ends', () => attachments.dropAllExcept([threadId]), 'live'],
    ['unloaded', 'it is dropped', () => attachments.drop(threadId), 'none'],
  ]
  for (const [from, what, act, to] of cases)
    it(`${from} → ${to}: ${what}`, () => {
      into[from]()
      expect(state()).to.equal(from)
      act()
      expect(state()).to.equal(to)
    })

  it('keeps back what comes while it is catching up, and records it in order once live, then all as it comes', () => {
    const attachment = begin()
    come('turn/started', 't1')
    come('turn/completed', 't1')
    expect([steps, [...attachments.heardEarly(threadId)]]).to.deep.equal([[], ['t1']])
    attachments.goLive(threadId, attachment, [])
    come('turn/started', 't2')
    expect(steps).to.deep.equal(['a: turn/started t1', 'a: turn/completed t1', 'a: turn/started t2'])
    expect([...attachments.heardEarly(threadId)]).to.deep.equal([])
  })

  it('records nothing that catching up has recorded', () => {
    const attachment = begin()
    come('turn/started', 't1')
    come('turn/completed', 't1')
    known.set('t1', { started: true, ended: true, completedItems: new Set() })
    attachments.goLive(threadId, attachment, ['t1'])
    come('turn/started', 't2')
    expect(steps).to.deep.equal(['a: turn/started t2'])
  })

  it('that fails passes on what waited as of a thread that nobody follows', () => {
    const attachment = begin()
    come('turn/started', 't1')
    attachments.fail(threadId, attachment)
    come('turn/completed', 't1')
    expect(steps).to.deep.equal(['a unfollowed: turn/started t1', 'a unfollowed: turn/completed t1'])
  })

  it('takes the place of the one before it, with what waited there; that one changes nothing any more', () => {
    const former = begin()
    come('turn/started', 't1')
    const next = begin(former.early)
    expect([attachments.isCurrent(threadId, former), attachments.isCurrent(threadId, next)]).to.deep.equal([
      false,
      true,
    ])
    attachments.fail(threadId, former)
    attachments.goLive(threadId, former, [])
    expect([steps, state()]).to.deep.equal([[], 'catching up'])
    attachments.goLive(threadId, next, [])
    expect(steps).to.deep.equal(['a: turn/started t1'])
  })

  it('of a sub-agent’s thread has its own turns, also those that came early', () => {
    const attachment = begin()
    const start = (id: string) =>
      attachments.receive(
        decodeNotification('turn/started', { threadId, turn: { id, rootTurnId: 'root', status: 'inProgress' } }, 1),
      )
    start('t1')
    attachments.noteSubAgent(threadId, attachment)
    attachments.goLive(threadId, attachment, [])
    start('t2')
    expect(steps).to.deep.equal(['a: turn/started t1', 'a: turn/started t2'])
  })

  it('says of a link that ended what was attached on it', () => {
    begin()
    attachments.begin('b', Promise.resolve(thread))
    expect([...attachments.dropAllExcept(['b'])]).to.deep.equal(['a', 'b'])
    expect([attachments.isFollowed('a'), attachments.isFollowed('b')]).to.deep.equal([false, true])
  })

  it('is of one thread: what comes of no thread is nobody’s', () => {
    begin()
    attachments.receive(decodeNotification('account/updated', {}, 1))
    come('turn/started', 't1', 'b')
    expect(steps).to.deep.equal(['b unfollowed: turn/started t1'])
  })
})
