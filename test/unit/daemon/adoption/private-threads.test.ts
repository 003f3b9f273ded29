import { expect } from 'chai'
import { type AdoptedSession, PrivateThreads } from '../../../../src/daemon/adoption/private-threads.ts'
import { ClientThreads } from '../../../../src/daemon/codex-socket/client-threads.ts'

const threadId = 'a'
const ann = { label: 'codex-tui p1', kind: 'codex', pid: 1 } as const

describe('Private threads', () => {
  let threads: PrivateThreads
  let session: AdoptedSession & { readonly threads: ClientThreads }

  beforeEach(() => {
    threads = new PrivateThreads(50)
    session = { author: ann, threads: new ClientThreads() }
    session.threads.add({ thread: { id: threadId, name: null, cwd: '/work', preview: '' } }, { isNew: true })
    threads.note(threadId, 'joined', session)
  })

  it('are those that sessions have open', () => {
    expect(threads.list().map(({ threadId: id, facts }) => [id, facts.cwd])).to.deep.equal([[threadId, '/work']])
    const other = { author: ann, threads: session.threads }
    threads.note(threadId, 'joined', other)
    threads.note(threadId, 'left', session)
    expect(threads.isOpen(threadId)).to.equal(true)
    threads.note(threadId, 'left', other)
    expect([threads.isOpen(threadId), threads.list()]).to.deep.equal([false, []])
  })

  it('are unstored until something was said, or they were given a name', () => {
    expect(threads.unstored(threadId)).to.include({ cwd: '/work' })
    threads.noteStored(threadId)
    expect([threads.unstored(threadId), session.threads.get(threadId)?.isUnstored]).to.deep.equal([undefined, false])
  })

  it('know who submitted what, by the request', () => {
    threads.enter(threadId, ann, 'r1')('t1')
    expect(threads.authorOf(threadId, 'r1')).to.deep.equal(ann)
    expect(threads.authorOf(threadId, 'r2')).to.equal(null)
    for (let n = 0; n < 1000; n += 1) threads.enter(threadId, ann, `later ${n}`)()
    expect(threads.authorOf(threadId, 'r1')).to.equal(null)
  })

  describe('the turn that runs', () => {
    it('is named by the answer or by the notification, whichever comes first, and keeps its author', () => {
      const answered = threads.enter(threadId, ann, 'r1')
      threads.onTurnStarted(threadId, 't1')
      expect(threads.turnIn(threadId)).to.deep.equal({ turnId: 't1', by: null })
      answered('t1')
      threads.onTurnStarted(threadId, 't1')
      expect(threads.turnIn(threadId)).to.deep.equal({ turnId: 't1', by: ann })
      threads.onTurnEnded(threadId, 't1')
      expect(threads.turnIn(threadId)).to.equal(null)
    })

    it('is none when its end was heard before its answer', () => {
      const answered = threads.enter(threadId, ann, 'r1')
      threads.onTurnEnded(threadId, 't1')
      answered('t1')
      expect(threads.turnIn(threadId)).to.equal(null)
    })

    it('is not another one’s end', () => {
      threads.onTurnStarted(threadId, 't2')
      threads.onTurnEnded(threadId, 't1')
      expect(threads.turnIn(threadId)?.turnId).to.equal('t2')
    })
  })

  describe('opened for sharing', () => {
    it('wait for what is on its way to Codex, and what comes meanwhile waits for them', async () => {
      const story: string[] = []
      const answered = threads.enter(threadId, ann, 'r1')
      const opening = threads.whileOpening(threadId, async () => {
        story.push(`opened beside ${threads.turnIn(threadId)?.turnId}`)
      })
      const next = threads.untilOpened(threadId).then(() => story.push('the next prompt'))
      await new Promise(setImmediate)
      expect(story).to.deep.equal([])
      answered('t1')
      await Promise.all([opening, next])
      expect(story).to.deep.equal(['opened beside t1', 'the next prompt'])
    })

    it('are not, where Codex does not answer it; what waits goes on', async () => {
      threads.enter(threadId, ann, 'r1')
      const opening = threads.whileOpening(threadId, async () => 'opened').catch((error: unknown) => error)
      const next = threads.untilOpened(threadId).then(() => 'goes on')
      expect(await opening).to.include({ errorName: 'unavailable' })
      expect(await next).to.equal('goes on')
    })

    it('are when the session has left meanwhile', async () => {
      const answered = threads.enter(threadId, ann, 'r1')
      const opening = threads.whileOpening(threadId, async () => 'opened')
      threads.note(threadId, 'left', session)
      answered()
      expect(await opening).to.equal('opened')
      expect(threads.isOpen(threadId)).to.equal(false)
    })

    it('are at once where no session has them open', async () => {
      let isOpened = false
      void threads.whileOpening('b', async () => {
        isOpened = true
      })
      expect(isOpened).to.equal(true)
    })
  })
})
