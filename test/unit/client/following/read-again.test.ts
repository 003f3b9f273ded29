/** Reading over connections that end, as in a restart of the daemon. */
import { expect } from 'chai'
import type { DaemonClient } from '../../../../src/client/connection/daemon-client.ts'
import { DaemonLink } from '../../../../src/client/daemon-link.ts'
import { ShareError } from '../../../../src/protocol/errors.ts'

describe('What is only read', () => {
  /** Each connection gives its answer, then the next one is there. */
  function linkOver(answers: readonly (string | Error)[]) {
    let asked = 0
    class Link extends DaemonLink {
      override client() {
        return Promise.resolve({} as DaemonClient)
      }
    }
    const endpoint = { kind: 'given', path: '/nowhere' } as const
    const link = new Link({ endpoint, identity: { kind: 'script', label: 'test' }, notice: () => {} })
    const read = () =>
      link.read(async () => {
        const answer = answers[asked++]
        if (answer instanceof Error) throw answer
        return answer
      })
    return { read, asked: () => asked }
  }
  const lost = new ShareError('connectionLost', 'the daemon left')

  it('is asked again over the next connection', async () => {
    const { read, asked } = linkOver([lost, lost, 'the answer'])
    expect([await read(), asked()]).to.deep.equal(['the answer', 3])
  })

  it('is not when the daemon refuses it, nor for ever', async () => {
    const refusal = new ShareError('notFound', 'no such thread')
    const refused = linkOver([refusal, 'never asked'])
    expect(await refused.read().catch((error: unknown) => error)).to.equal(refusal)
    expect(refused.asked()).to.equal(1)
    const hopeless = linkOver(Array.from({ length: 20 }, () => lost))
    expect(await hopeless.read().catch((error: unknown) => error)).to.equal(lost)
    expect(hopeless.asked()).to.equal(5)
  })
})
