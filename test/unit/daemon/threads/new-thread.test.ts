/** New threads: what is checked before Codex is asked, and what it is asked for. */
import { expect } from 'chai'
import { checkFolder, refuseTakenName, startThread } from '../../../../src/daemon/threads/new-thread.ts'
import { ShareError } from '../../../../src/protocol/errors.ts'
import { linkOf, openThreadSite, share, threadOf } from '../../../support/sites/thread-site.ts'

const thrown = (work: () => void) => {
  try {
    work()
    return null
  } catch (error) {
    return error as ShareError
  }
}

describe('A new thread', () => {
  const start = async (more: { name?: string; cwd?: string }, refused?: Error) => {
    const sent: [string, object][] = []
    const link = linkOf({
      'thread/start': (params: object) => {
        sent.push(['thread/start', params])
        return { thread: threadOf('a', { cwd: '/src/project' }) }
      },
      'thread/name/set': (params: object) => {
        sent.push(['thread/name/set', params])
        return refused ?? {}
      },
    })
    const site = await openThreadSite(link)
    const threadId = await startThread(site, more).catch((error: unknown) => error)
    const row = site.ledger.threads.get('a')
    const state = { threadId, sent, name: row?.name, cwd: row?.cwd, isLive: site.threadSync.isCaughtUp('a') }
    await site.close()
    return state
  }

  it('is started where it is to work, named, shared and followed', async () => {
    expect(await start({ name: 'mine', cwd: '/src/project' })).to.deep.equal({
      threadId: 'a',
      sent: [
        ['thread/start', { cwd: '/src/project' }],
        ['thread/name/set', { threadId: 'a', name: 'mine' }],
      ],
      ...{ name: 'mine', cwd: '/src/project', isLive: true },
    })
  })

  it('without a name gets one from its folder, the same in Codex and in the ledger', async () => {
    const { sent, name } = await start({})
    expect(name).to.match(/^project-[0-9a-f]{4}$/)
    expect(sent).to.deep.equal([
      ['thread/start', {}],
      ['thread/name/set', { threadId: 'a', name }],
    ])
  })

  it('that cannot be named is not shared', async () => {
    const { threadId, name } = await start({}, new ShareError('unavailable', 'no'))
    expect([(threadId as ShareError).message, name]).to.deep.equal(['no', undefined])
  })
})

describe('The name of a thread', () => {
  const cases: readonly (readonly [what: string, name: string, threadId: string | undefined, taken: boolean])[] = [
    ['that no other has', 'new', undefined, false],
    ['that another has', 'one', undefined, true],
    ['that another has, for one that is there', 'one', 'b', true],
    ['that it has itself', 'one', 'a', false],
    ['that one had whose sharing was stopped', 'old', undefined, false],
  ]
  for (const [what, name, threadId, isTaken] of cases)
    it(`${what} is ${isTaken ? 'refused, and the other named' : 'taken'}`, async () => {
      const site = await openThreadSite()
      share(site, 'a', 'one')
      share(site, 'b', 'two')
      share(site, 'c', 'old', true)
      const error = thrown(() => refuseTakenName(name, site.ledger.threads.listOpen(), threadId))
      expect(error && [error.errorName, error.facts]).to.deep.equal(isTaken ? ['conflict', { threadId: 'a' }] : null)
      await site.close()
    })
})

describe('The folder of a thread', () => {
  const cases: readonly (readonly [what: string, folder: string, message: string | null])[] = [
    ['that is there', import.meta.dirname, null],
    ['that is not absolute', 'src', 'the folder must be an absolute path: src'],
    ['that is not there', '/nowhere/at/all', 'there is no folder /nowhere/at/all'],
    ['that is a file', import.meta.filename, `there is no folder ${import.meta.filename}`],
  ]
  for (const [what, folder, message] of cases)
    it(`${what} is ${message === null ? 'taken' : 'refused'}`, () => {
      expect(thrown(() => checkFolder(folder))?.message ?? null).to.equal(message)
    })
})
