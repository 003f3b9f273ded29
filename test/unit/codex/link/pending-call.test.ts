/** How a call to the app-server ends, and whether it may be repeated. */
import { expect } from 'chai'
import { addCall, type CallAnswer } from '../../../../src/codex/link/pending-call.ts'
import { UpstreamError } from '../../../../src/codex/link/upstream-error.ts'
import type { AwakeTimeout } from '../../../../src/platform/time/awake-clock.ts'
import { ShareError } from '../../../../src/protocol/errors.ts'
import { PendingRequests } from '../../../../src/rpc/pending-requests.ts'

describe('A call to the app-server', () => {
  let passDeadline: () => void
  let pending: PendingRequests<unknown, CallAnswer>
  let abort: AbortController
  let timeouts: number

  beforeEach(() => {
    pending = new PendingRequests((callback) => {
      passDeadline = callback
      return { clear: () => {} } as AwakeTimeout
    })
    abort = new AbortController()
    timeouts = 0
  })

  const add = ({ isSent }: { readonly isSent: boolean }) => {
    const { signal } = abort
    const onTimeout = () => {
      timeouts += 1
    }
    const { answer, markSent } = addCall(pending, { id: 1, method: 'm', timeoutMs: 1000, signal, onTimeout })
    if (isSent) markSent()
    return answer.then(
      (result) => result,
      (error: unknown) => (error instanceof ShareError ? [error.errorName, error.facts.sent] : error),
    )
  }

  it('ends with the result, or with the app-server’s own error', async () => {
    const calls = [add({ isSent: true })]
    pending.answer(1, { result: 'r' })
    calls.push(add({ isSent: true }))
    pending.answer(1, { error: { code: -1, message: 'no' } })
    expect(await Promise.all(calls)).to.deep.equal(['r', new UpstreamError({ code: -1, message: 'no' })])
  })

  it('may be repeated where the link ended before it was sent, and nowhere else', async () => {
    const ends: readonly (() => void)[] = [() => pending.closeAll('gone'), () => passDeadline(), () => abort.abort()]
    const said: unknown[] = []
    for (const isSent of [true, false])
      for (const end of ends) {
        const call = add({ isSent })
        end()
        said.push(await call)
        abort = new AbortController()
      }
    expect(said).to.deep.equal([
      ...[
        ['connectionLost', true],
        ['timedOut', true],
        ['cancelled', true],
      ],
      // What waits to be written may still go out while the link stands.
      ...[
        ['connectionLost', false],
        ['timedOut', true],
        ['cancelled', true],
      ],
    ])
  })

  it('has the app-server looked at once its deadline has passed', async () => {
    const call = add({ isSent: true })
    passDeadline()
    await call
    expect(timeouts).to.equal(1)
  })
})
