/** Several stock clients on one thread: Codex tells of it once for all, and each has it as if it were alone. */
import { join } from 'node:path'
import { expect } from 'chai'
import { connectStockPeer, type StockPeer, turnIdIn } from '../../support/peers/stock-peer.ts'
import type { TestPeer } from '../../support/peers/test-peer.ts'
import { makeSite, type TestSite } from '../../support/sites/daemon-process.ts'
import {
  startWatchedAppServer,
  type WatchedAppServer,
  type WatchedLink,
} from '../../support/sites/watched-app-server.ts'
import { eventually } from '../../support/waiting/eventually.ts'

const delta = '{"method":"item/agentMessage/delta"'
const limits = { ownLinks: 1, queuedBytes: 250_000 }

describe('several stock clients on one thread', function () {
  this.timeout(60_000)
  let site: TestSite
  let codex: WatchedAppServer
  let socket: string
  const peers: StockPeer[] = []

  beforeEach(async () => {
    site = await makeSite({ approvalPolicy: 'on-request', settings: { limits } })
    codex = await startWatchedAppServer(site)
    socket = join(site.runtimeDir, 'codex.sock')
    await site.startDaemon()
  })

  afterEach(async () => {
    for (const peer of peers.splice(0)) peer.close()
    await site.close()
    await codex.close()
  })

  const connect = async (path = socket, capabilities = {}) => {
    const peer = await connectStockPeer(path, '/rpc', capabilities)
    peers.push(peer)
    return peer
  }
  /** A client and its own link. */
  const connectWatched = async (capabilities = {}): Promise<[StockPeer, WatchedLink]> => {
    const before = codex.links.length
    const peer = await connect(socket, capabilities)
    const link = codex.links[before]
    if (!link) throw new Error('no link')
    return [peer, link]
  }
  const resume = (peer: StockPeer, threadId: string) => peer.call('thread/resume', { threadId, excludeTurns: true })
  const newThread = async () => {
    const script = await site.connect({ label: 'script', answers: true })
    const threadId = await script.startThread()
    await script.follow(threadId)
    return { script, threadId }
  }
  /** The shared link: the one that resumed the thread in the daemon's own name and not over its own link, which was the first. */
  const sharedLink = (threadId: string) =>
    eventually('there is a shared link', () =>
      codex.links.find(({ asked, sent }) => {
        const id = `"codex-share-thread/resume-${threadId}"`
        return asked.came.some((text) => text.includes(id)) && sent.came.some((text) => text.startsWith(`{"id":${id}`))
      }),
    )
  const done = (peer: StockPeer, turnId: string) => peer.told('turn/completed', { turn: { id: turnId } })
  /** For these clients and for the daemon, which takes the next prompt only then. */
  const doneAll = (all: readonly StockPeer[], script: TestPeer, turnId: string) =>
    Promise.all([script.turnEnd(turnId), ...all.map((peer) => done(peer, turnId))])
  /** What was told and asked of the thread from the start of this turn on. */
  const since = (frames: readonly string[], threadId: string, turnId: string) => {
    const told = frames.filter((text) => text.startsWith('{"method"') && text.includes(threadId))
    return told.slice(told.findIndex((text) => text.includes('turn/started') && text.includes(turnId)))
  }
  const deltasOf = (frames: readonly string[], turnId: string) =>
    frames.filter((text) => text.startsWith(delta) && text.includes(turnId)).length
  const left = (link: WatchedLink) => link.asked.came.filter((text) => text.includes('"codex-share-leave-')).length
  /** A turn in which these clients leave their own links. It waits for that: a short one may be over before the shared link has told of it. */
  const changeOver = async (
    script: TestPeer,
    threadId: string,
    all: readonly StockPeer[],
    own: readonly WatchedLink[],
  ) => {
    const before = own.map(left)
    const gate = `change ${threadId} ${before}`.replaceAll(' ', '-')
    const { turn } = await script.submit(threadId, `hold ${gate}`)
    await eventually('all have left their own', () => own.every((link, index) => left(link) > (before[index] ?? 0)))
    site.model.release(gate)
    await doneAll(all, script, turn.id)
    return turn.id
  }

  it('get every frame as a direct client does, byte for byte, while Codex sends deltas to none of their own links', async () => {
    const { script, threadId } = await newThread()
    const [[one, ownOne], [two, ownTwo]] = [await connectWatched(), await connectWatched()]
    const direct = await connect(codex.socketPath)
    for (const peer of [one, two, direct]) await resume(peer, threadId)
    await sharedLink(threadId)
    const all = [one, two, direct]
    const first = await changeOver(script, threadId, all, [ownOne, ownTwo])
    // A client's own prompt, an approval that one of them answers, and a long answer.
    const typed = turnIdIn(await one.prompt(threadId, 'ask echo hello'))
    const [asked] = await Promise.all(all.map((peer) => peer.told('item/commandExecution/requestApproval')))
    two.send(JSON.stringify({ id: asked?.id, result: { decision: 'accept' } }))
    await doneAll(all, script, typed)
    const last = (await script.submit(threadId, 'deltas 500')).turn.id
    await doneAll(all, script, last)
    const expected = since(direct.frames, threadId, first)
    for (const peer of [one, two]) {
      await eventually('all came', () => since(peer.frames, threadId, first).length >= expected.length)
      expect(since(peer.frames, threadId, first)).to.deep.equal(expected)
    }
    expect(deltasOf(direct.frames, last)).to.be.greaterThan(400)
    expect([ownOne, ownTwo].map(({ sent }) => deltasOf(sent.came, last))).to.deep.equal([0, 0])
    // The daemon's own, and the shared one.
    expect(codex.links.filter(({ sent }) => deltasOf(sent.came, last) > 0)).to.have.lengthOf(2)
  })

  it('change over without a gap or a duplicate, whichever link lags behind', async () => {
    const { script, threadId } = await newThread()
    const [[one, ownOne], [two, ownTwo]] = [await connectWatched(), await connectWatched()]
    const direct = await connect(codex.socketPath)
    for (const peer of [one, two, direct]) await resume(peer, threadId)
    const shared = await sharedLink(threadId)
    // The first client's own link has told nothing of the turn when the shared one is in the middle of the answer.
    ownOne.sent.holdFrom('turn/started')
    // The second one's has told more than the shared link, as it is not left before the answer has gone on.
    ownTwo.asked.holdFrom('"codex-share-leave-')
    const { turn } = await script.submit(threadId, 'hold on')
    await eventually('the shared one has told of the answer', () => deltasOf(shared.sent.came, turn.id) > 0)
    shared.sent.holdFrom('{')
    ownOne.sent.release()
    await eventually('both are about to leave their own', () => left(ownOne) > 0 && left(ownTwo) > 0)
    site.model.release('on')
    await done(direct, turn.id)
    await eventually('the second has all of it', () => ownTwo.sent.came.some((text) => text.includes('turn/completed')))
    ownTwo.asked.release()
    await eventually('its own link has told its last', () =>
      ownTwo.sent.came.some((text) => text.startsWith('{"id":"codex-share-leave-')),
    )
    expect([shared.sent.isHolding, one.has('turn/completed')]).to.deep.equal([true, undefined])
    shared.sent.release()
    await doneAll([one, two], script, turn.id)
    const next = await script.submit(threadId, 'deltas 50')
    await doneAll([one, two, direct], script, next.turn.id)
    for (const peer of [one, two])
      expect(since(peer.frames, threadId, turn.id)).to.deep.equal(since(direct.frames, threadId, turn.id))
    expect([ownOne, ownTwo].map(({ sent }) => deltasOf(sent.came, next.turn.id))).to.deep.equal([0, 0])
  })

  it('stay on their own links where the shared one comes too late for a turn', async () => {
    const { script, threadId } = await newThread()
    const [[one, ownOne], [two]] = [await connectWatched(), await connectWatched()]
    const direct = await connect(codex.socketPath)
    for (const peer of [one, two, direct]) await resume(peer, threadId)
    const shared = await sharedLink(threadId)
    shared.sent.holdFrom('turn/started')
    const first = (await script.submit(threadId, 'deltas 50')).turn.id
    await doneAll([one, two, direct], script, first)
    expect(left(ownOne)).to.equal(0)
    shared.sent.release()
    await changeOver(script, threadId, [one, two, direct], [ownOne])
    for (const peer of [one, two])
      expect(since(peer.frames, threadId, first)).to.deep.equal(since(direct.frames, threadId, first))
  })

  it('leave their own in the middle of a turn whose start the shared one tells last', async () => {
    const { script, threadId } = await newThread()
    const [[one, ownOne], [two, ownTwo]] = [await connectWatched(), await connectWatched()]
    for (const peer of [one, two]) await resume(peer, threadId)
    const shared = await sharedLink(threadId)
    shared.sent.holdFrom('turn/started')
    const { turn } = await script.submit(threadId, 'hold on')
    for (const peer of [one, two]) await peer.told('item/agentMessage/delta', { turnId: turn.id, delta: 'hold. ' })
    await eventually('the shared one is in the middle of it, too', () => deltasOf(shared.sent.came, turn.id) === 3)
    expect([left(ownOne), left(ownTwo)]).to.deep.equal([0, 0])
    shared.sent.release()
    await eventually('both have left their own', () => left(ownOne) > 0 && left(ownTwo) > 0)
    site.model.release('on')
    await doneAll([one, two], script, turn.id)
    expect(since(one.frames, threadId, turn.id)).to.deep.equal(since(two.frames, threadId, turn.id))
    expect(one.frames.filter((text) => text.startsWith(delta) && text.includes(turn.id))).to.have.lengthOf(6)
  })

  it('one that comes in the middle of a turn has the rest of it from its own link, and the next like all', async () => {
    const { script, threadId } = await newThread()
    const [one, two] = [await connect(), await connect()]
    for (const peer of [one, two]) await resume(peer, threadId)
    await sharedLink(threadId)
    const first = (await script.submit(threadId, 'hold on')).turn.id
    await two.told('item/agentMessage/delta', { turnId: first, delta: 'hold. ' })
    const [late, ownLate] = await connectWatched()
    await resume(late, threadId)
    const atResume = two.frames.length
    site.model.release('on')
    await doneAll([one, two, late], script, first)
    expect(deltasOf(ownLate.sent.came, first)).to.equal(deltasOf(two.frames.slice(atResume), first))
    expect(deltasOf(late.frames, first)).to.equal(deltasOf(ownLate.sent.came, first))
    await changeOver(script, threadId, [two, late], [ownLate])
    const last = (await script.submit(threadId, 'deltas 100')).turn.id
    await doneAll([two, late], script, last)
    expect(since(late.frames, threadId, last)).to.deep.equal(since(two.frames, threadId, last))
    expect(deltasOf(ownLate.sent.came, last)).to.equal(0)
  })

  /** Two clients that have changed over, and their own links. */
  const changedOver = async () => {
    const { script, threadId } = await newThread()
    const [[one, ownOne], [two, ownTwo]] = [await connectWatched(), await connectWatched()]
    for (const peer of [one, two]) await resume(peer, threadId)
    const shared = await sharedLink(threadId)
    await changeOver(script, threadId, [one, two], [ownOne, ownTwo])
    return { script, threadId, shared, one, two, ownOne, ownTwo }
  }

  it('are let go when they do not read, and not when they read late or an answer is large', async () => {
    const { script, threadId, one, two } = await changedOver()
    const run = async () => {
      // It comes in deltas, with the finished item, and with the end of the turn: three and a half queues full each time.
      const { turn } = await script.submit(threadId, `deltas 500 ${(limits.queuedBytes * 3.5) / 500}`)
      await doneAll([two], script, turn.id)
      return turn.id
    }
    one.ws.pause()
    const turnId = await run()
    one.ws.resume()
    await done(one, turnId)
    expect(since(one.frames, threadId, turnId)).to.deep.equal(since(two.frames, threadId, turnId))
    expect(site.daemonLog()).to.not.include('it reads too slowly')
    one.ws.pause()
    for (const _ of [1, 2]) await run()
    await eventually('it is let go', () => site.daemonLog().includes('it reads too slowly'))
    one.ws.resume()
    await eventually('it is told', () => one.closed)
    expect(two.closed).to.equal(false)
  })

  it('are told no more of a thread they have left, and all of one they resume again', async () => {
    const { script, threadId, one, two, ownOne, ownTwo } = await changedOver()
    expect((await one.call('thread/unsubscribe', { threadId })).result).to.deep.equal({ status: 'unsubscribed' })
    const away = (await script.submit(threadId, 'deltas 30')).turn.id
    await doneAll([two], script, away)
    expect(one.frames.filter((text) => text.includes(away))).to.deep.equal([])
    await resume(one, threadId)
    await resume(two, threadId)
    const back = await changeOver(script, threadId, [one, two], [ownOne, ownTwo])
    const last = (await script.submit(threadId, 'deltas 30')).turn.id
    await doneAll([one, two], script, last)
    expect(since(one.frames, threadId, back)).to.deep.equal(since(two.frames, threadId, back))
    expect(deltasOf(ownOne.sent.came, last)).to.equal(0)
  })

  it('have two threads at once, each in its order, and keep one that is no longer shared', async () => {
    const { script, threadId, one, two } = await changedOver()
    const other = await script.startThread()
    await script.follow(other)
    const direct = await connect(codex.socketPath)
    for (const peer of [one, two]) await resume(peer, other)
    for (const id of [threadId, other]) await resume(direct, id)
    const all = [one, two, direct]
    const turns = [await script.submit(threadId, 'deltas 300'), await script.submit(other, 'deltas 300')]
    for (const { turn } of turns) await doneAll(all, script, turn.id)
    await script.call('share/close', { threadId })
    const unshared = turnIdIn(await direct.prompt(threadId, 'deltas 20'))
    await Promise.all(all.map((peer) => done(peer, unshared)))
    for (const [index, id] of [threadId, other].entries()) {
      const turnId = turns[index]?.turn.id ?? ''
      for (const peer of [one, two])
        expect(since(peer.frames, id, turnId)).to.deep.equal(since(direct.frames, id, turnId))
    }
  })

  it('are not told what they opted out of, and never for others', async () => {
    const { script, threadId } = await newThread()
    const optOutNotificationMethods = ['item/agentMessage/delta']
    const quiet = [
      await connect(socket, { optOutNotificationMethods }),
      await connect(socket, { optOutNotificationMethods }),
    ]
    const full = [await connect(), await connect()]
    for (const peer of [...quiet, ...full]) await resume(peer, threadId)
    for (const prompt of ['deltas 20', 'deltas 20']) {
      const { turn } = await script.submit(threadId, prompt)
      await doneAll([...quiet, ...full], script, turn.id)
    }
    expect(quiet.map((peer) => peer.has('item/agentMessage/delta'))).to.deep.equal([undefined, undefined])
    expect(quiet.every((peer) => peer.has('item/completed', { item: { type: 'agentMessage' } }))).to.equal(true)
    expect(full.every((peer) => peer.has('item/agentMessage/delta'))).to.equal(true)
  })

  it('come anew when the shared link alone is cut, and do not notice when the daemon’s own is', async () => {
    const { script, threadId, shared, one, two } = await changedOver()
    const daemonLinks = () =>
      codex.links.filter(({ asked, sent }) => {
        const resumed = asked.came.map((text) => JSON.parse(text)).find(({ method }) => method === 'thread/resume')
        return (
          asked.came[0]?.includes('"name":"codex-share"') &&
          sent.came.some((text) => text.startsWith(`{"id":${resumed?.id},`))
        )
      })
    codex.links[0]?.cut()
    await eventually('the daemon is linked again', () => daemonLinks().some((link) => link !== codex.links[0]))
    const { turn } = await script.submit(threadId, 'hold on')
    await Promise.all([one, two].map((peer) => peer.told('item/agentMessage/delta', { turnId: turn.id })))
    shared.cut()
    await eventually('they are told', () => one.closed && two.closed)
    site.model.release('on')
  })
})

describe('few stock clients on one thread', function () {
  this.timeout(60_000)

  it('have links of their own, up to the fourth', async () => {
    const site = await makeSite()
    const codex = await startWatchedAppServer(site)
    const peers: StockPeer[] = []
    try {
      await site.startDaemon()
      const script = await site.connect({ label: 'script' })
      const threadId = await script.startThread()
      await script.follow(threadId)
      const isSharedLink = () =>
        codex.links.some(({ asked }) => asked.came.some((text) => text.includes('"codex-share-thread/resume-')))
      for (let count = 0; count < 3; count += 1) {
        const peer = await connectStockPeer(join(site.runtimeDir, 'codex.sock'))
        peers.push(peer)
        await peer.call('thread/resume', { threadId, excludeTurns: true })
      }
      const { turn } = await script.submit(threadId, 'deltas 10')
      await Promise.all(peers.map((peer) => peer.told('turn/completed', { turn: { id: turn.id } })))
      expect(isSharedLink()).to.equal(false)
      const fourth = await connectStockPeer(join(site.runtimeDir, 'codex.sock'))
      peers.push(fourth)
      await fourth.call('thread/resume', { threadId, excludeTurns: true })
      await eventually('there is a shared link', isSharedLink)
    } finally {
      for (const peer of peers) peer.close()
      await site.close()
      await codex.close()
    }
  })
})
