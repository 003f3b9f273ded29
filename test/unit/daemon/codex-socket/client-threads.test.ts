/** The threads that one stock client has open. */
import { expect } from 'chai'
import { ClientThreads } from '../../../../src/daemon/codex-socket/client-threads.ts'

describe('The threads of a stock client', () => {
  let threads: ClientThreads
  beforeEach(() => {
    threads = new ClientThreads()
  })
  const add = (thread: object, isNew = false) => threads.add({ thread }, { isNew })

  it('are those that Codex has answered with', () => {
    const opened = add({ id: 'a', name: 'n', cwd: '/', preview: 'p', ephemeral: false }, true)
    expect(opened).to.deep.equal({
      ...{ threadId: 'a', isHelper: false, facts: { name: 'n', cwd: '/', preview: 'p' } },
      ...{ isUnstored: true, turnId: null, ownTurnId: null },
    })
    expect(threads.get('a')).to.equal(opened)
  })

  it('stay as they are when they are opened again', () => {
    const opened = add({ id: 'a' }, true)
    if (opened) opened.ownTurnId = 'x'
    expect(add({ id: 'a' })).to.equal(opened)
    expect(threads.get('a')).to.deep.include({ isUnstored: true, ownTurnId: 'x' })
  })

  it('are none where the answer names none', () => {
    expect([add({}), add({ id: 7 }), threads.add({}, { isNew: true }), threads.get(null)]).to.deep.equal([
      ...[undefined, undefined, undefined, undefined],
    ])
  })

  it('are listed without helpers, which do not outlive the app-server', () => {
    add({ id: 'a' })
    add({ id: 'h', ephemeral: true })
    expect([threads.list().map(({ threadId }) => threadId), threads.get('h')?.isHelper]).to.deep.equal([['a'], true])
    threads.dropHelpers()
    expect([threads.get('h'), threads.get('a')?.threadId]).to.deep.equal([undefined, 'a'])
  })

  it('are closed once', () => {
    add({ id: 'a' })
    expect([threads.remove('a')?.threadId, threads.remove('a'), threads.list()]).to.deep.equal(['a', undefined, []])
  })
})
