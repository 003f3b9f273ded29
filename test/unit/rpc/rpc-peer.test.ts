/** The conversation, on two channels joined in memory. */
import { expect } from 'chai'
import { ShareError } from '../../../src/protocol/errors.ts'
import { channelPair } from '../../../src/rpc/channel.ts'
import { JsonText, RpcPeer, type RpcPeerOptions, VerbatimError } from '../../../src/rpc/rpc-peer.ts'

function talk(options: RpcPeerOptions = {}) {
  const [left, right] = channelPair()
  return { asking: new RpcPeer(left), answering: new RpcPeer(right, options) }
}

async function failure(promise: Promise<unknown>): Promise<ShareError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof ShareError)) throw new Error(`no ShareError came: ${String(error)}`)
  return error
}

describe('an rpc peer', () => {
  it('answers requests, also with text that is JSON already', async () => {
    const { asking } = talk({
      onRequest: (method, params) => (method === 'raw' ? new JsonText('[1,2]') : { method, params }),
    })
    expect(await asking.request('echo', { a: 1 })).to.deep.equal({ method: 'echo', params: { a: 1 } })
    expect(await asking.request('raw', {})).to.deep.equal([1, 2])
  })

  it('carries errors with their name, facts and hint, and those of others as they are', async () => {
    const { asking } = talk({
      onRequest: (method) => {
        if (method === 'theirs') throw new VerbatimError({ code: -32600, message: 'their words', data: { x: 1 } })
        throw new ShareError('busy', 'somebody is at it', { facts: { turnId: 't' } })
      },
    })
    const busy = await failure(asking.request('ours', {}))
    expect([busy.errorName, busy.message, busy.facts, busy.exitCode]).to.deep.equal([
      'busy',
      'somebody is at it',
      { turnId: 't' },
      3,
    ])
    const theirs = await failure(asking.request('theirs', {}))
    expect([theirs.message, theirs.facts]).to.deep.equal(['their words', { x: 1 }])
  })

  it('gives a request up at its deadline, and tells the other side', async () => {
    let aborted = false
    const { asking } = talk({
      onRequest: (_method, _params, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            aborted = true
            resolve({})
          })
        }),
    })
    expect((await failure(asking.request('never', {}, { timeoutMs: 20 }))).errorName).to.equal('timedOut')
    expect(aborted).to.equal(true)
  })

  it('rejects all that is pending when the channel goes, and everything after', async () => {
    const { asking, answering } = talk({ onRequest: () => new Promise(() => {}) })
    const pending = asking.request('never', {})
    answering.close()
    const lost = await failure(pending)
    expect([lost.errorName, lost.facts]).to.deep.equal(['connectionLost', { sent: true }])
    expect((await failure(asking.request('more', {}))).facts).to.deep.equal({ sent: false })
  })

  it('tells requests and notifications apart', async () => {
    const told: unknown[] = []
    const { asking } = talk({
      onNotification: (method, params) => told.push([method, params]),
      onRequest: () => 'done',
    })
    asking.notify('hint', { a: 1 })
    expect(await asking.request('anything', {})).to.equal('done')
    expect(told).to.deep.equal([['hint', { a: 1 }]])
  })
})
