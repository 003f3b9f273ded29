/** Codex's errors in our words, as a table. */
import { expect } from 'chai'
import { translateUpstreamError } from '../../../../src/daemon/codex-link/translate-upstream-error.ts'
import { ShareError } from '../../../../src/protocol/errors.ts'
import { VerbatimError } from '../../../../src/rpc/rpc-peer.ts'
import { refusal } from '../../../support/sites/thread-site.ts'

describe('An error of Codex’s', () => {
  const cases: readonly (readonly [said: string, name: string, message: string | RegExp])[] = [
    ['invalid session id: x', 'notFound', 'a is not a thread id'],
    ['no rollout found for thread id a', 'notFound', 'Codex has no thread a'],
    ['thread not found: a', 'notFound', 'Codex has no thread a'],
    ['thread a is not materialized yet', 'notFound', 'nothing has been said in thread a yet'],
    ['session a is archived', 'notFound', 'thread a is archived'],
    ['thread a already has an active writer', 'unavailable', 'thread a is open in another Codex process'],
    ['Server is draining; retry after reconnecting', 'unavailable', /^the Codex app-server was told to end/],
    ['failed to load configuration: nonsense', 'unavailable', 'Codex cannot read its settings: nonsense'],
  ]
  for (const [said, name, message] of cases)
    it(`“${said}” is ${name}`, () => {
      const error = translateUpstreamError(refusal(said), 'a')
      expect(error).to.be.instanceOf(ShareError).with.property('errorName', name)
      expect(error)
        .to.have.property('message')
        .that.matches(typeof message === 'string' ? new RegExp(`^${message}$`) : message)
    })

  it('about a thread comes with Codex’s own words', () => {
    const { facts } = translateUpstreamError(refusal('thread not found: a'), 'a') as ShareError
    expect(facts).to.deep.equal({ threadId: 'a', upstream: 'thread not found: a' })
  })

  it('that is not known is passed on as it came', () => {
    expect(translateUpstreamError(refusal('something new'), 'a')).to.be.instanceOf(VerbatimError)
  })

  it('is one only where Codex gave it: all else stays what it is', () => {
    const ours = new ShareError('busy', 'no')
    expect(translateUpstreamError(ours, 'a')).to.equal(ours)
  })
})
