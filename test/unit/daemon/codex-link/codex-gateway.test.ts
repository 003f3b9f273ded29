/** Asking Codex over links that end. */
import { expect } from 'chai'
import type { AppServerLink } from '../../../../src/codex/link/app-server-link.ts'
import { UpstreamError } from '../../../../src/codex/link/upstream-error.ts'
import type { Supervisor } from '../../../../src/codex/supervision/app-server-supervisor.ts'
import type { ThreadRouter } from '../../../../src/codex/supervision/thread-router.ts'
import { CodexGateway } from '../../../../src/daemon/codex-link/codex-gateway.ts'
import { translateUpstreamError } from '../../../../src/daemon/codex-link/translate-upstream-error.ts'
import { ShareError } from '../../../../src/protocol/errors.ts'

describe('Waiting for a link', () => {
  /** An app-server that never comes; it is tried whenever somebody asks for that. */
  function upstreamWithout(state: 'connecting' | 'degraded') {
    const supervisor = { link: undefined, state, problem: 'it is too old', failures: 1, retryNow: () => retried() }
    const gateway = new CodexGateway({} as ThreadRouter)
    gateway.start(supervisor as unknown as Supervisor)
    let tries = 0
    const retried = () => {
      tries += 1
      setImmediate(() => {
        Object.assign(supervisor, { failures: supervisor.failures + 1, state: 'degraded' })
        gateway.wake()
      })
    }
    return { gateway, retried, tries: () => tries }
  }

  it('asks once for another try where it rarely is tried any more, and takes its failure for the answer', async () => {
    const { gateway, tries } = upstreamWithout('degraded')
    const error = await gateway.link().catch((reason: unknown) => reason)
    expect(error).to.deep.include({ errorName: 'unavailable' })
    expect(String(error)).to.contain('it is too old')
    expect(tries()).to.equal(1)
  })

  it('takes the failure of a try that goes on for the answer, where trying again helps nobody', async () => {
    const { gateway, retried, tries } = upstreamWithout('connecting')
    const waiting = gateway.link().catch((reason: unknown) => reason)
    retried()
    expect(await waiting).to.deep.include({ errorName: 'unavailable' })
    expect(tries()).to.equal(1)
  })
})

describe('A request that comes before the link to Codex is started', () => {
  it('waits, and is given the first link', async () => {
    const link = {} as AppServerLink
    const gateway = new CodexGateway({ route: (own) => own } as ThreadRouter)
    const waiting = gateway.link()
    expect(gateway.current).to.equal(undefined)
    gateway.start({ link, state: 'ready', failures: 0 } as unknown as Supervisor)
    expect(await waiting).to.equal(link)
  })
})

describe('An app-server that was told to end', () => {
  const draining = () =>
    translateUpstreamError(
      new UpstreamError({ code: -32600, message: 'Server is draining; retry after reconnecting' }),
      'a',
    )

  it('is waited for to go, and the next one is asked then', async () => {
    let [noted, asked] = [0, 0]
    const supervisor = { noteDraining: () => (noted += 1) } as unknown as Supervisor
    const gateway = new CodexGateway({} as ThreadRouter)
    gateway.start(supervisor)
    const sent = gateway.untilSent(async () => {
      asked += 1
      if (asked === 1) throw draining()
      return 'taken'
    })
    await new Promise(setImmediate)
    expect([noted, asked]).to.deep.equal([1, 1])
    gateway.wake()
    expect(await sent).to.equal('taken')
  })

  it('is not waited for longer than for one that starts: nothing was submitted, which is said', async () => {
    const gateway = new CodexGateway({} as ThreadRouter, 20)
    gateway.start({ noteDraining: () => {} } as unknown as Supervisor)
    const error = await gateway.untilSent(() => Promise.reject(draining())).catch((reason: unknown) => reason)
    expect(error).to.deep.include({ errorName: 'unavailable', facts: { sent: false } })
    expect((error as ShareError).hint).to.match(/^Nothing was submitted\. Try again /)
  })
})

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
    const supervisor = {
      get link() {
        return links[Math.min(asked.length, links.length - 1)]
      },
    }
    const router = { route: (link: AppServerLink) => link } as ThreadRouter
    const gateway = new CodexGateway(router)
    gateway.start(supervisor as unknown as Supervisor)
    return { asked, ask: () => gateway.onAnyLink((link) => link.request('account/read', {})) }
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
