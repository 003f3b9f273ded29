/** How a request ends on the daemon's own link. */
import { expect } from 'chai'
import type { AppServerLink } from '../../../../src/codex/link/app-server-link.ts'
import { UpstreamError } from '../../../../src/codex/link/upstream-error.ts'
import { ownLink } from '../../../../src/daemon/gate/sender.ts'
import { ShareError } from '../../../../src/protocol/errors.ts'
import { VerbatimError } from '../../../../src/rpc/rpc-peer.ts'

const refused = (message: string) => new UpstreamError({ code: -32600, message })

describe('The daemon’s own link as a sender', () => {
  const send = (error: unknown) => {
    const link = { forward: () => Promise.reject(error) } as unknown as AppServerLink
    return ownLink(1000).send('turn/start', { threadId: 't' }, link)
  }

  it('brings the answer, after so many milliseconds at most', async () => {
    const link = { forward: async (...asked: unknown[]) => asked } as unknown as AppServerLink
    const result = ['turn/start', { a: 1 }, { timeoutMs: 1000 }]
    expect(await ownLink(1000).send('turn/start', { a: 1 }, link)).to.deep.equal({ is: 'answered', result })
  })

  const gone = (sent: boolean) => new ShareError('connectionLost', 'gone', { facts: { sent } })
  const cases: readonly (readonly [string, unknown, object])[] = [
    ['is lost where it may have arrived', gone(true), { is: 'lost' }],
    ['is unsent where it cannot have arrived', gone(false), { is: 'unsent' }],
    ['is unsent where Codex could not have read it', new ShareError('usage', 'too deep'), { is: 'unsent' }],
    ['is unsent where Codex takes nothing new', refused('Server is draining'), { is: 'unsent' }],
    ['is refused', refused('not like this'), { is: 'refused', isUnloaded: false }],
    [
      'is refused for now by a thread that is not loaded',
      refused('thread not found: t'),
      { is: 'refused', isUnloaded: true },
    ],
    [
      'is refused for good by one that does not exist',
      refused('no rollout found for thread id t'),
      { is: 'refused', isUnloaded: false },
    ],
  ]
  for (const [title, error, sent] of cases)
    it(`says that a request ${title}`, async () => expect(await send(error)).to.deep.include(sent))

  it('puts what is known of threads in our words, and leaves the rest in Codex’s', async () => {
    const errors = [await send(refused('thread not found: t')), await send(refused('not like this'))].map(
      (sent) => 'error' in sent && sent.error,
    )
    expect(errors[0]).to.deep.include({ errorName: 'notFound', message: 'Codex has no thread t' })
    expect(errors[1]).to.be.instanceOf(VerbatimError).with.property('message', 'not like this')
  })

  it('sends nothing where the thread is not followed', async () => {
    expect(await ownLink(1000).send('turn/start', {}, undefined)).to.have.property('is', 'unsent')
  })
})
