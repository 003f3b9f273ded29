/** Prompts that wait, as they are kept. */
import { expect } from 'chai'
import type { QueuedRow } from '../../../src/ledger/queue-store.ts'
import { ledgerOfEachTest, storedThread } from '../../support/ledger-of-each-test.ts'

describe('The queue of a thread', () => {
  const site = ledgerOfEachTest()
  const row = (id: string): QueuedRow => ({
    ...{ id, clientId: `client-${id}`, requestId: `request-${id}` },
    input: [{ type: 'text', text: `“${id}”` }],
    metadata: { from: id },
    by: { label: 'ann', kind: 'ui', pid: 1 },
    atMs: 5,
  })
  const add = (...ids: readonly string[]) => {
    for (const id of ids) site.ledger.queue.add(storedThread, row(id))
  }
  const ids = () => site.ledger.queue.list(storedThread).map(({ id }) => id)

  it('gives back what was added, whole and in order, also after the file was opened again', () => {
    add('b', 'a')
    site.reopen()
    expect(site.ledger.queue.list(storedThread)).to.deep.equal([row('b'), row('a')])
  })

  it('keeps one that is there already as it is', () => {
    add('a', 'b')
    site.ledger.queue.add(storedThread, { ...row('a'), input: [] })
    expect(site.ledger.queue.list(storedThread)).to.deep.equal([row('a'), row('b')])
  })

  it('is another one in each thread', () => {
    add('a')
    site.ledger.queue.add('b', row('a'))
    expect(site.ledger.queue.threads()).to.have.members([storedThread, 'b'])
    expect([site.ledger.queue.clear('b'), site.ledger.queue.threads()]).to.deep.equal([1, [storedThread]])
  })

  it('is put in another order, and added to behind all', () => {
    add('a', 'b', 'c')
    site.ledger.queue.reorder(storedThread, ['c', 'a', 'b'])
    add('d')
    expect(ids()).to.deep.equal(['c', 'a', 'b', 'd'])
  })

  it('changes one alone', () => {
    add('a', 'b')
    const edit = { input: [], metadata: null, by: null }
    site.ledger.queue.update(storedThread, 'a', edit)
    site.ledger.queue.renameRequest(storedThread, 'a')
    expect(site.ledger.queue.list(storedThread)).to.deep.equal([{ ...row('a'), ...edit, requestId: 'a' }, row('b')])
    site.ledger.queue.remove(storedThread, 'a')
    expect(ids()).to.deep.equal(['b'])
  })
})
