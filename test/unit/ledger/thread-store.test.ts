/** The shared threads, as they are kept. */
import { expect } from 'chai'
import { ledgerOfEachTest, newDelta, newEvent, storedThread } from '../../support/ledger-of-each-test.ts'

describe('A thread in the ledger', () => {
  const site = ledgerOfEachTest()
  const facts = () => {
    const { name, cwd, preview } = site.ledger.threads.get(storedThread) ?? {}
    return { name, cwd, preview }
  }
  const all = { name: 'lab', cwd: '/lab', preview: 'the first prompt' }

  it('has the facts that it was opened with, and none that were not given', () => {
    expect(facts()).to.deep.equal({ name: null, cwd: null, preview: null })
    site.ledger.threads.open(storedThread, { cwd: '/lab' })
    expect(facts()).to.deep.equal({ name: null, cwd: '/lab', preview: null })
  })

  it('keeps what is known when it is opened again, but for what is known better', () => {
    site.ledger.threads.open(storedThread, all)
    site.ledger.threads.open(storedThread, { name: 'new' })
    expect(facts()).to.deep.equal({ ...all, name: 'new' })
  })

  it('takes no name and no first prompt for one that was forgotten, and shows none', () => {
    site.ledger.db.exec("UPDATE threads SET name = '', preview = ''")
    site.ledger.threads.open(storedThread, all)
    expect(facts()).to.deep.equal({ name: null, cwd: '/lab', preview: null })
  })

  it('is described by a new name, and by its first prompt once', () => {
    for (const preview of ['first', 'second']) site.ledger.threads.describe(storedThread, { name: null, preview })
    site.ledger.threads.describe(storedThread, { name: 'new', preview: null })
    expect(facts()).to.deep.equal({ name: 'new', cwd: null, preview: 'first' })
  })

  it('is listed as open or as stopped, and comes back with its opening, also from the archive', () => {
    const { threads } = site.ledger
    const lists = () => [
      threads.listOpen().map(({ threadId }) => threadId),
      threads.listStopped().map(({ threadId }) => threadId),
      threads.countOpen(),
      threads.get(storedThread)?.archived,
    ]
    threads.setArchived(storedThread, true)
    threads.close(storedThread)
    expect(lists()).to.deep.equal([[], [storedThread], 0, 1])
    threads.open(storedThread)
    expect(lists()).to.deep.equal([[storedThread], [], 1, 0])
  })

  it('has its counters again when the file is opened, with the items that grow in a turn that runs', () => {
    site.ledger.events.append([newEvent('turn/started'), newDelta('i'), newDelta('i')])
    const before = site.ledger.threads.counters(storedThread)
    site.reopen()
    expect(site.ledger.threads.counters(storedThread)).to.deep.equal({ ...before, savedId: before.nextId })
    expect([...before.growing]).to.deep.equal([['i', 2]])
  })

  it('names its folder with the thread that was used there last', () => {
    const { threads, events } = site.ledger
    for (const id of ['b', 'c']) threads.open(id, { cwd: '/lab' })
    events.append([newEvent('warning', { threadId: 'b', atMs: Date.now() + 5000 })])
    expect(threads.folders().map(({ threadId, folder }) => [threadId, folder])).to.deep.equal([['b', '/lab']])
  })

  it('is unknown before it was opened', () => {
    const { threads } = site.ledger
    expect([threads.has('b'), threads.get('b')]).to.deep.equal([false, undefined])
    expect(() => threads.counters('b')).to.throw('the ledger has no thread b')
  })
})
