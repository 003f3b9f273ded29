/** Which of two servers is asked about a thread, and when a thread's owner changes. */
import { expect } from 'chai'
import type { AppServerLink } from '../../../../src/codex/link/app-server-link.ts'
import { UpstreamError } from '../../../../src/codex/link/upstream-error.ts'
import { ThreadRouter, UserServerGone } from '../../../../src/codex/supervision/thread-router.ts'

const heldMessage = 'thread 01a20590-4abc-70b2-a977-25507630a948 already has an active writer'
const held = () => new UpstreamError({ code: -32600, message: heldMessage })
const broken = () => new UpstreamError({ code: -32600, message: 'no such thing' })

type Answer = 'yes' | (() => Error)

/** Two servers that answer every request in their way, and what was asked of which. */
function site({ ours = 'yes', user = 'yes' }: { ours?: Answer; user?: Answer | 'away' } = {}) {
  const asked: string[] = []
  const lost: string[][] = []
  const servers: { ours: Answer; user: Answer | 'away' } = { ours, user }
  const state = { opened: 0, ended: Promise.withResolvers<void>() }
  const linkOf = (name: 'ours' | 'user') => {
    const request = async (method: string) => {
      asked.push(`${name} ${method}`)
      const answer = servers[name]
      if (typeof answer === 'function') throw answer()
      return name
    }
    const closed = name === 'user' ? state.ended.promise : new Promise(() => {})
    return { request, forward: request, closed, close: () => {} } as unknown as AppServerLink
  }
  const router = new ThreadRouter({
    openUserServer: async () => {
      state.opened += 1
      return servers.user === 'away' ? undefined : linkOf('user')
    },
    onLost: (threadIds) => lost.push([...threadIds]),
    backWithinMs: 0,
  })
  const own = linkOf('ours')
  const send = (method: string, params: unknown = { threadId: 'a' }) => router.route(own).forward(method, params)
  /** Brings the thread to where the user's server has it. */
  const bringToUser = async () => {
    Object.assign(servers, { ours: held, user: 'yes' })
    await send('thread/resume')
    Object.assign(servers, { ours, user })
    asked.length = 0
  }
  const loseUserServer = async () => {
    servers.user = 'away'
    state.ended.resolve()
    state.ended = Promise.withResolvers()
    await new Promise(setImmediate)
  }
  return { asked, lost, servers, state, router, own, send, bringToUser, loseUserServer }
}

describe('A request', () => {
  const [ours, user] = ['ours', 'user']
  const cases: readonly {
    readonly title: string
    /** Where the thread is known to be open. */
    readonly owner: string
    readonly method: string
    readonly servers: { ours?: Answer; user?: Answer }
    readonly isAway?: boolean
    readonly asks: readonly string[]
    readonly ends: string
    readonly ownerAfter: string
  }[] = [
    {
      title: 'about a thread of ours goes to ours',
      ...{ owner: ours, method: 'turn/start', servers: {}, asks: [ours], ends: ours, ownerAfter: ours },
    },
    {
      title: "about a thread in the user's server goes there",
      ...{ owner: user, method: 'turn/start', servers: {}, asks: [user], ends: user, ownerAfter: user },
    },
    {
      title: "about a thread in the user's server goes to ours while that one is away",
      ...{ owner: user, method: 'thread/read', servers: {}, isAway: true, asks: [ours], ends: ours, ownerAfter: user },
    },
    {
      title: 'other than to resume goes to no second server',
      ...{ owner: ours, method: 'turn/start', servers: { ours: held } },
      ...{ asks: [ours], ends: heldMessage, ownerAfter: ours },
    },
    {
      title: 'to resume a thread of ours stays with ours',
      ...{ owner: ours, method: 'thread/resume', servers: {}, asks: [ours], ends: ours, ownerAfter: ours },
    },
    {
      title: "to resume a thread that ours finds held goes to the user's server, which has it from then on",
      ...{ owner: ours, method: 'thread/resume', servers: { ours: held } },
      ...{ asks: [ours, user], ends: user, ownerAfter: user },
    },
    {
      title: "to resume a thread that the user's server finds held goes to ours, which has it from then on",
      ...{ owner: user, method: 'thread/resume', servers: { user: held } },
      ...{ asks: [user, ours], ends: ours, ownerAfter: ours },
    },
    {
      title: 'to resume a thread that neither has ends with the first refusal, and moves nothing',
      ...{ owner: ours, method: 'thread/resume', servers: { ours: held, user: broken } },
      ...{ asks: [ours, user], ends: heldMessage, ownerAfter: ours },
    },
    {
      title: "to resume a thread that is held where the user's server is away ends with that refusal",
      ...{ owner: ours, method: 'thread/resume', servers: { ours: held }, isAway: true },
      ...{ asks: [ours], ends: heldMessage, ownerAfter: ours },
    },
    {
      title: 'to resume that fails otherwise goes to no second server',
      ...{ owner: ours, method: 'thread/resume', servers: { ours: broken } },
      ...{ asks: [ours], ends: 'no such thing', ownerAfter: ours },
    },
    {
      title: "to resume a thread in the user's server ends where that one has gone: ours does not take it",
      ...{ owner: user, method: 'thread/resume', servers: {}, isAway: true },
      ...{ asks: [], ends: UserServerGone.name, ownerAfter: user },
    },
  ]
  for (const { title, owner, method, servers, isAway = false, asks, ends, ownerAfter } of cases)
    it(title, async () => {
      const { asked, router, send, bringToUser, loseUserServer, servers: now } = site(servers)
      if (owner === user) await bringToUser()
      if (isAway && owner === user) await loseUserServer()
      if (isAway) now.user = 'away'
      const end = await send(method).catch((error: Error) =>
        error instanceof UserServerGone ? UserServerGone.name : error.message,
      )
      expect({ asked, end, ownerAfter: router.isInUserServer('a') ? user : ours }).to.deep.equal({
        asked: asks.map((server) => `${server} ${method}`),
        end: ends,
        ownerAfter,
      })
    })

  it("about no thread goes to ours, and opens nothing of the user's", async () => {
    const { send, state } = site()
    expect([await send('thread/list', {}), state.opened]).to.deep.equal(['ours', 0])
  })

  it('to ours is sent before the call returns, so that none overtakes it', () => {
    const { send, asked } = site()
    void send('turn/start')
    expect(asked).to.deep.equal(['ours turn/start'])
  })
})

describe("The user's own server", () => {
  it('is reported lost with the threads that were reached there, and opened again for the next request', async () => {
    const { bringToUser, loseUserServer, lost, router, send, servers, state } = site()
    await bringToUser()
    await loseUserServer()
    expect([lost, router.threadsInUserServer]).to.deep.equal([[['a']], ['a']])
    servers.user = 'yes'
    expect([await send('turn/start'), state.opened]).to.deep.equal(['user', 2])
  })

  it('is not reported lost by a router that was closed', async () => {
    const { bringToUser, loseUserServer, lost, router } = site()
    await bringToUser()
    await router.close()
    await loseUserServer()
    expect(lost).to.deep.equal([])
  })

  it('keeps a thread that is to be taken back while it is there', async () => {
    const { bringToUser, router } = site()
    await bringToUser()
    await router.takeBack('a')
    expect(router.isInUserServer('a')).to.equal(true)
  })

  it('loses a thread that is to be taken back once it was away for too long', async () => {
    const { bringToUser, loseUserServer, router, send } = site()
    await bringToUser()
    await loseUserServer()
    await router.takeBack('a')
    expect([router.isInUserServer('a'), await send('thread/resume')]).to.deep.equal([false, 'ours'])
  })

  it('has one route for each link of ours', () => {
    const { router, own } = site()
    expect(router.route(own)).to.equal(router.route(own))
  })
})
