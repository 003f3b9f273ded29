/** Which thread is meant by what people type, as a table, on a real ledger. */
import { expect } from 'chai'
import { PrivateThreads } from '../../../../src/daemon/adoption/private-threads.ts'
import { ThreadFinder } from '../../../../src/daemon/threads/thread-finder.ts'
import { ShareError } from '../../../../src/protocol/errors.ts'
import { linkOf, openTestStorage, share, type TableLink, threadOf } from '../../../support/sites/thread-site.ts'

const [alpha, beta, gamma, stopped, renamed, unknown] = [
  '0198aaaa-0000-7000-8000-00000000000a',
  '0198aaaa-0000-7000-8000-00000000000b',
  '0199cccc-0000-7000-8000-00000000000c',
  '0199dddd-0000-7000-8000-00000000000d',
  '0199eeee-0000-7000-8000-00000000000e',
  '01ffffff-0000-7000-8000-0000000000ff',
] as const
/** Only Codex has these. */
const [stored, storedAlike, storedToo] = [
  '0200aaaa-0000-7000-8000-00000000001a',
  '0200bbbb-0000-7000-8000-00000000001b',
  '0200bbbb-0000-7000-8000-00000000001c',
] as const

describe('Finding a thread', () => {
  let storage: ReturnType<typeof openTestStorage>
  let finder: ThreadFinder
  let link: TableLink

  beforeEach(() => {
    storage = openTestStorage()
    share(storage, alpha, 'alpha')
    share(storage, beta, 'same')
    share(storage, gamma, 'same')
    // A name that looks like the beginning of other ids.
    share(storage, renamed, '0198aaaa')
    share(storage, stopped, 'old', true)
    const inCodex = [
      threadOf(stored, { name: 'only codex' }),
      threadOf(storedAlike, { name: 'twice' }),
      threadOf(storedToo, { name: 'twice' }),
    ]
    link = linkOf({
      'thread/list': ({ searchTerm }: { searchTerm?: string }) => ({
        data: inCodex.filter(({ name }) => searchTerm === undefined || String(name).includes(searchTerm)),
      }),
    })
    const gateway = { link: async () => link }
    finder = new ThreadFinder({ ledger: storage.ledger, gateway, privateThreads: new PrivateThreads() })
  })
  afterEach(() => storage.close())

  /** The id, or the error with the candidates. */
  const outcome = async (find: () => string | undefined | Promise<string | undefined>) => {
    try {
      return (await find()) ?? 'none'
    } catch (error) {
      if (!(error instanceof ShareError)) throw error
      const { candidates } = error.facts as { candidates?: readonly string[] }
      return [error.errorName, ...(candidates ?? [])].join(' ')
    }
  }

  const cases: readonly (readonly [what: string, reference: string, shared: string, anywhere: string])[] = [
    ['a whole id of a shared thread', alpha, alpha, alpha],
    ['a whole id in capitals', alpha.toUpperCase(), alpha, alpha],
    ['a whole id of one that is not shared', stored, 'notFound', stored],
    ['a whole id that nobody knows, which opening it shows', unknown, 'notFound', unknown],
    ['a whole id of one whose sharing was stopped', stopped, 'notFound', stopped],
    ['the beginning of one id', '0199c', gamma, gamma],
    ['the beginning of one id in capitals', '0199C', gamma, gamma],
    ['the beginning of two ids', '0198aaaa-', `usage ${beta} ${alpha}`, `usage ${beta} ${alpha}`],
    ['fewer than four digits, which are no beginning', '019', 'notFound', 'notFound'],
    ['a name', 'alpha', alpha, alpha],
    ['a name in other letters, which is another name', 'Alpha', 'notFound', 'notFound'],
    ['a part of a name', 'alp', 'notFound', 'notFound'],
    ['a name that looks like the beginning of other ids', '0198aaaa', renamed, renamed],
    ['a name of two threads', 'same', `usage ${gamma} ${beta}`, `usage ${gamma} ${beta}`],
    ['a name of one whose sharing was stopped', 'old', 'notFound', 'notFound'],
    ['a name that only Codex knows', 'only codex', 'notFound', stored],
    ['a part of a name that only Codex knows', 'only', 'notFound', 'notFound'],
    ['a name of two that only Codex knows', 'twice', 'notFound', `usage ${storedAlike} ${storedToo}`],
    ['the beginning of an id that only Codex knows', '0200a', 'notFound', stored],
    ['the beginning of two ids that only Codex knows', '0200bbbb', 'notFound', `usage ${storedAlike} ${storedToo}`],
    ['the one used last', 'last', renamed, renamed],
    ['nothing that there is', 'nobody', 'notFound', 'notFound'],
  ]
  for (const [what, reference, shared, anywhere] of cases)
    it(`by ${what}`, async () => {
      expect(await outcome(() => finder.find(reference, false))).to.equal(shared)
      expect(await outcome(() => finder.find(reference, true))).to.equal(anywhere)
    })

  const stoppedCases: readonly (readonly [reference: string, found: string])[] = [
    [stopped, stopped],
    ['0199d', stopped],
    ['old', stopped],
    [alpha, 'none'],
    ['alpha', 'none'],
    ['last', 'none'],
    ['nobody', 'none'],
    ['same', `usage ${gamma} ${beta}`],
  ]
  for (const [reference, found] of stoppedCases)
    it(`whose sharing was stopped, where no shared one is meant: ${reference}`, async () => {
      expect(await outcome(() => finder.findStopped(reference))).to.equal(found)
    })

  it('asks Codex for names, and for all that it has where the beginning of an id may be meant', async () => {
    await outcome(() => finder.find('nobody', true))
    expect(link.asked).to.deep.equal(['thread/list'])
    await outcome(() => finder.find('beef', true))
    expect(link.asked).to.have.length(3)
  })

  it('by `last` says that none is shared, and that one can be started', async () => {
    for (const { threadId } of storage.ledger.threads.listOpen()) storage.ledger.threads.close(threadId)
    const error = await finder.find('last', true).catch((reason: unknown) => reason)
    expect(error).to.deep.include({ errorName: 'notFound', hint: 'Share one with `codex-share start`.' })
    expect(finder.findStopped('last')).to.equal(stopped)
  })
})
