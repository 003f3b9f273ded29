/** Asking Codex over links that end. */
import { expect } from 'chai'
import type { AppServerLink } from '../../src/codex/app-server-link.ts'
import type { Supervisor } from '../../src/codex/app-server-supervisor.ts'
import type { ThreadRoutes } from '../../src/codex/thread-routes.ts'
import { Upstream } from '../../src/daemon/upstream.ts'
import { ShareError } from '../../src/protocol/errors.ts'

describe('What may be done twice', () => {
  const lost = new ShareError('connectionLost', 'the link ended')

  /** The links there are, one after the other, each of which gives its answer. */
  function upstreamOver(answers: readonly (string | Error)[]) {
    const asked: number[] = []
    const links = answers.map((answer, index) => {
      const request = () => {
        asked.push(index)
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
      }
      return { request } as unknown as AppServerLink
    })
    const current = () => ({ link: links[Math.min(asked.length, links.length - 1)] }) as unknown as Supervisor
    const routes = { route: (link: AppServerLink) => link } as ThreadRoutes
    const upstream = new Upstream(current, routes)
    return { asked, ask: () => upstream.onAnyLink((link) => link.request('account/read', {})) }
  }

  it('is done again on the next link when the first one ends under it', async () => {
    const { ask, asked } = upstreamOver([lost, lost, 'the answer'])
    expect(await ask()).to.equal('the answer')
    expect(asked).to.deep.equal([0, 1, 2])
  })

  it('is not when Codex refuses it', async () => {
    const refusal = new ShareError('notFound', 'no such thread')
    const { ask, asked } = upstreamOver([refusal, 'never asked'])
    expect(await ask().catch((error: unknown) => error)).to.equal(refusal)
    expect(asked).to.deep.equal([0])
  })
})
