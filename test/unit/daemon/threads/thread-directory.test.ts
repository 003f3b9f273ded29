/** Opening threads for sharing, on a real ledger. */
import { expect } from 'chai'
import { ShareError } from '../../../../src/protocol/errors.ts'
import {
  type Answers,
  linkOf,
  openable,
  openThreadSite,
  refusal,
  share,
  type ThreadSite,
  threadOf,
} from '../../../support/sites/thread-site.ts'

const id = '0198aaaa-0000-7000-8000-00000000000a'

describe('Opening a thread', () => {
  let site: ThreadSite | undefined
  afterEach(() => site?.close())

  const over = async (answers: Answers) => {
    const link = linkOf(answers)
    site = await openThreadSite(link)
    return { ...site, link, closed: site.close }
  }
  const errorOf = (opening: Promise<unknown>) =>
    opening.then(
      () => undefined,
      (error: unknown) => error as ShareError,
    )

  it('that is shared leaves it as it is, and asks Codex nothing', async () => {
    const { directory, link, ...rest } = await over({})
    share(rest, id, 'one')
    expect(await directory.resolve('one')).to.deep.equal({ threadId: id, opened: 'already' })
    expect(link.asked).to.deep.equal([])
  })

  it('that only Codex knows shares it, with what Codex says of it', async () => {
    const { directory, ledger } = await over(openable(threadOf(id, { name: 'theirs', cwd: '/src', preview: 'hello' })))
    expect(await directory.resolve(id)).to.deep.equal({ threadId: id, opened: 'existing' })
    expect(ledger.threads.get(id)).to.include({ name: 'theirs', cwd: '/src', preview: 'hello', closedMs: null })
  })

  it('whose sharing was stopped shares it again, unless it is only read', async () => {
    const { directory, ...rest } = await over(openable(threadOf(id)))
    share(rest, id, 'old', true)
    expect(await directory.resolveToRead('old')).to.deep.equal({ threadId: id, opened: 'stopped' })
    expect(directory.isShared(id)).to.equal(false)
    expect(await directory.resolve(id)).to.deep.equal({ threadId: id, opened: 'existing' })
    expect(await directory.resolveToRead('last')).to.deep.equal({ threadId: id, opened: 'already' })
  })

  it('that may not be opened is refused, and not shared', async () => {
    const { directory, link } = await over(openable(threadOf(id)))
    const error = await errorOf(directory.resolve(id, { mayOpen: false }))
    expect([error?.errorName, directory.isShared(id), link.asked]).to.deep.equal(['notFound', false, []])
  })

  const cases: readonly (readonly [what: string, resume: string, path: string | null, expected: object])[] = [
    ['nobody knows', `no rollout found for thread id ${id}`, null, { errorName: 'notFound' }],
    [
      'is archived, by a Codex that says so',
      `session ${id} is archived`,
      null,
      { errorName: 'notFound', facts: { threadId: id, archived: true } },
    ],
    [
      'is archived, by a Codex that says that there is none',
      `no rollout found for thread id ${id}`,
      `/home/a/.codex/archived_sessions/${id}.jsonl`,
      { errorName: 'notFound', facts: { threadId: id, archived: true } },
    ],
    ['has no id at all', 'invalid session id: x', null, { errorName: 'notFound' }],
  ]
  for (const [what, resume, path, expected] of cases)
    it(`that ${what} says so, and shares nothing`, async () => {
      const read = path === null ? {} : { 'thread/read': { thread: threadOf(id, { path }) } }
      const { directory } = await over({ 'thread/resume': refusal(resume), ...read })
      expect(await errorOf(directory.ensureShared(id))).to.deep.include(expected)
      expect(directory.isShared(id)).to.equal(false)
    })

  it('that is shared and was archived notes that for the list', async () => {
    const { directory, ledger, ...rest } = await over({ 'thread/resume': refusal(`session ${id} is archived`) })
    share({ ledger, ...rest }, id, 'one')
    await errorOf(directory.claim(id))
    expect(ledger.threads.get(id)).to.include({ archived: 1, closedMs: null })
  })

  it('is refused at once while the ledger cannot be written', async () => {
    const { directory, recorder, link } = await over(openable(threadOf(id)))
    recorder.requireWritable = () => {
      throw new ShareError('unavailable', 'the disk is full')
    }
    expect(await errorOf(directory.ensureShared(id))).to.include({ errorName: 'unavailable' })
    expect(link.asked).to.deep.equal([])
  })

  it('again after its sharing was stopped is left alone by what only followed it, and waits for no link', async () => {
    site = await openThreadSite()
    share(site, id, 'one', true)
    await site.directory.followAgain(id)
    expect(site.directory.isShared(id)).to.equal(false)
  })

  it('that Codex has not stored is undone where nothing came of it, and kept where something did', async () => {
    const { directory, recorder, ...rest } = await over({})
    const unstored = { id, name: null, cwd: '/', preview: '' }
    directory.shareUnstored(unstored)
    expect(directory.isShared(id)).to.equal(true)
    directory.unshareUnused(id)
    expect(directory.isShared(id)).to.equal(false)
    directory.shareUnstored(unstored)
    recorder.add({ threadId: id, turnId: null, atMs: 1, method: 'share/note', params: {}, itemId: null, by: null })
    expect(rest.recorded(id)).to.deep.equal(['share/note'])
    directory.unshareUnused(id)
    expect(directory.isShared(id)).to.equal(true)
  })
})

describe('A claimed thread', () => {
  it('is claimed again on the next link, and where Codex has put it away meanwhile', async () => {
    const [first, next] = [linkOf(openable(threadOf(id))), linkOf(openable(threadOf(id)))]
    const site = await openThreadSite(first)
    const { directory, threadSync, gateway } = site
    const link = await directory.claim(id)
    expect(await directory.stillClaimed(id, link)).to.equal(gateway.current)
    expect(first.asked.filter((asked) => asked === `thread/resume ${id}`)).to.have.length(1)
    threadSync.noteUnloaded(id)
    expect(await directory.stillClaimed(id, link)).to.equal(link)
    expect(first.asked.filter((asked) => asked === `thread/resume ${id}`)).to.have.length(2)
    gateway.start({ link: next, state: 'ready', failures: 0 } as never)
    threadSync.linkUp(next)
    await threadSync.attach(id, next)
    expect(await directory.stillClaimed(id, link)).to.equal(gateway.current)
    expect(next.asked).to.include(`thread/resume ${id}`)
    await site.close()
  })
})
