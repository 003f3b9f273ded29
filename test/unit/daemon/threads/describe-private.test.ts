/** What is open in a plain `codex` and not shared, as clients see it. */
import { expect } from 'chai'
import type { Supervisor } from '../../../../src/codex/supervision/app-server-supervisor.ts'
import { ClientThreads } from '../../../../src/daemon/codex-socket/client-threads.ts'
import { describePrivate } from '../../../../src/daemon/threads/describe-private.ts'
import { linkOf, openThreadSite, share, type ThreadSite, threadOf } from '../../../support/sites/thread-site.ts'

describe('A thread that is open and not shared', () => {
  let site: ThreadSite
  const open = (threadId: string, label = 'codex-tui p1') => {
    const threads = new ClientThreads()
    threads.add({ thread: threadOf(threadId) }, { isNew: true })
    site.privateThreads.note(threadId, 'joined', { author: { label, kind: 'codex', pid: 7 }, threads })
  }
  const link = (answers: object) =>
    site.gateway.start({
      link: linkOf({ ...answers }),
      state: 'ready',
      failures: 0,
      hindrance: null,
    } as unknown as Supervisor)

  beforeEach(async () => {
    site = await openThreadSite()
  })
  afterEach(() => site.close())

  it('is described as Codex describes it now, with who has it open', async () => {
    link({ 'thread/read': { thread: threadOf('a', { name: 'named later', preview: 'said' }) } })
    open('a')
    open('a', 'codex-tui p2')
    site.privateThreads.onTurnStarted('a', 't')
    expect(await describePrivate(site)).to.deep.equal([
      {
        ...{ threadId: 'a', name: 'named later', cwd: '/', preview: 'said', running: true },
        openIn: [
          { label: 'codex-tui p1', pid: 7 },
          { label: 'codex-tui p2', pid: 7 },
        ],
      },
    ])
  })

  it('is described as its session knows it where Codex does not say', async () => {
    link({})
    open('a')
    expect(await describePrivate(site)).to.deep.include.members([
      {
        threadId: 'a',
        name: null,
        cwd: '/',
        preview: null,
        running: false,
        openIn: [{ label: 'codex-tui p1', pid: 7 }],
      },
    ])
  })

  it('is none once it is shared', async () => {
    open('a')
    share(site, 'a', 'one')
    expect(await describePrivate(site)).to.deep.equal([])
  })
})
