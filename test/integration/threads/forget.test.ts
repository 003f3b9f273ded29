/** Forgetting in a daemon that has the real Codex behind it, which forgets nothing. */
import type { ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect } from 'chai'
import type { ShareEvent } from '../../../src/protocol/events.ts'
import type { TestPeer } from '../../support/peers/test-peer.ts'
import { endProcess } from '../../support/sites/daemon-process.ts'
import { describeSite } from '../../support/sites/describe-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

const secret = 'hunter2-hunter2'

describeSite('what a daemon was asked to forget', { daemon: false }, (site) => {
  let daemon: ChildProcess
  let data: string

  before(async () => {
    daemon = await site.startDaemon()
    data = join(site.dir, 'data/codex-share')
  })

  /** Submits each prompt when the one before is done; returns the turns' ids. */
  async function say(peer: TestPeer, threadId: string, ...prompts: string[]): Promise<string[]> {
    const turnIds: string[] = []
    for (const prompt of prompts) {
      const { turn } = await peer.submit(threadId, prompt)
      await peer.turnEnd(turn.id)
      turnIds.push(turn.id)
    }
    return turnIds
  }

  async function openThread(...prompts: string[]) {
    const peer = await site.connect({ label: 'ann' })
    const threadId = await peer.startThread()
    await peer.follow(threadId, 0)
    return { peer, threadId, turnIds: await say(peer, threadId, ...prompts) }
  }

  async function stored(peer: TestPeer, threadId: string): Promise<ShareEvent[]> {
    const { events } = await peer.call('share/events', { threadId, after: 0, limit: 1000 })
    return events as ShareEvent[]
  }

  const notes = (events: readonly ShareEvent[]) => events.filter(({ method }) => method === 'share/forgotten')
  const inData = (text: string) => readdirSync(data).some((name) => readFileSync(join(data, name)).includes(text))
  const refusal = (peer: TestPeer, params: object) => peer.call('share/forget', params).catch((error: unknown) => error)

  it('does not come back from Codex: not by posting, nor after kill -9 of the daemon or a crash of the machine', async () => {
    const { peer, threadId, turnIds } = await openThread(`my password is ${secret}`, 'and now?', `${secret} again`)
    writeFileSync(join(data, 'ledger.db.corrupt-of-old'), `before ${secret} behind`)
    const forgotten = await peer.call('share/forget', { threadId, match: secret }, { timeoutMs: 30_000 })
    const note = await eventually('the follower is told', () => notes(peer.events)[0])
    expect([note.by?.label, note.params.events]).to.deep.equal(['ann', forgotten.events])
    expect(forgotten).to.include({ threadId, turnId: null, turns: 2 })
    const unreached = forgotten.unreached as string[]
    const rollout = unreached.find((path) => path.endsWith(`${threadId}.jsonl`)) ?? ''
    expect(readFileSync(rollout, 'utf8')).to.include(secret)
    expect(unreached[0]).to.equal(join(data, 'ledger.db.corrupt-of-old'))
    writeFileSync(join(data, 'ledger.db.corrupt-of-old'), '')
    const isThere = () => inData(secret)
    expect(isThere()).to.equal(false)

    await say(peer, threadId, 'go on')
    expect(isThere()).to.equal(false)
    for (const crash of [false, true]) {
      await endProcess(daemon)
      if (crash) pretendCrash()
      daemon = await site.startDaemon()
      const again = await site.connect()
      await again.follow(threadId, 0)
      await say(again, threadId, `after ${crash}`)
      const events = await stored(again, threadId)
      expect(JSON.stringify(events)).to.not.include(secret)
      expect(notes(events).map(({ turnId }) => turnId)).to.include.members([turnIds[0], turnIds[2]])
      expect(isThere()).to.equal(false)
      const { threads } = await again.call('share/list', {})
      expect(
        (threads as { threadId: string; preview: string | null }[]).find((one) => one.threadId === threadId),
      ).to.have.property('preview', null)
    }
  })

  function pretendCrash(): void {
    const db = new Database(join(data, 'ledger.db'))
    db.exec("UPDATE meta SET value = 'another boot' WHERE name = 'boot'")
    db.close()
  }

  it('is a turn with how it ended, so that a submit of before that is tried again has its answer and does not run', async () => {
    const { peer, threadId, turnIds } = await openThread('one')
    const { turn } = await peer.submit(threadId, 'two', 'request-two')
    await peer.turnEnd(turn.id)
    await peer.call('share/forget', { threadId, turnId: turn.id })
    const events = await stored(peer, threadId)
    expect(notes(events).map(({ turnId, params }) => [turnId, params.status])).to.deep.include([turn.id, 'completed'])
    expect(events.filter(({ turnId, method }) => turnId === turn.id && method !== 'share/forgotten')).to.deep.equal([])
    expect(events.some(({ turnId, method }) => turnId === turnIds[0] && method === 'turn/completed')).to.equal(true)
    const again = await peer.submit(threadId, 'two', 'request-two')
    expect([again.turn.id, again.share.duplicate]).to.deep.equal([turn.id, true])
    expect(await refusal(peer, { threadId, turnId: turn.id })).to.include({ errorName: 'notFound' })
  })

  it('is a whole thread: it leaves the list, its ids go on, and sharing it again brings only what came later', async () => {
    const { peer, threadId } = await openThread(`say ${secret}`, 'two')
    await peer.call('share/open', { threadId, name: 'forgettable' })
    await eventually('it has its name', () => peer.events.some(({ params }) => params.threadName === 'forgettable'))
    const before = (await stored(peer, threadId)).at(-1)?.id ?? 0
    const counted = await peer.call('share/forget', { threadId, dryRun: true })
    expect((await stored(peer, threadId)).length).to.equal(counted.events)
    const other = await openThread(`two more`, `say ${secret}`)
    const { otherThreads } = await peer.call('share/forget', { threadId, match: secret, dryRun: true })
    expect(otherThreads).to.deep.equal([other.threadId])
    await peer.call('share/forget', { threadId: other.threadId })
    await peer.call('share/forget', { threadId })
    await eventually('the follower is told', () => peer.told.some(({ method }) => method === 'share/closed'))
    // Only Codex knows its name now.
    expect(await peer.call('share/resolve', { thread: 'forgettable', stopped: true })).to.include({ opened: 'stopped' })
    expect(notes(peer.events)).to.have.lengthOf(1)
    const { threads } = await peer.call('share/list', {})
    expect(JSON.stringify(threads)).to.not.include(threadId)
    expect((await stored(peer, threadId)).map(({ id, params }) => [id, params.events])).to.deep.equal([
      [before + 1, counted.events],
    ])
    await peer.call('share/open', { threadId })
    await peer.follow(threadId, 0)
    const [turnId] = await say(peer, threadId, 'three')
    const events = await stored(peer, threadId)
    expect(JSON.stringify(events)).to.not.include(secret)
    expect(new Set(events.flatMap(({ turnId: id }) => (id === null ? [] : [id])))).to.deep.equal(new Set([turnId]))
    expect(inData(secret)).to.equal(false)
  })

  it('is left alone while a turn runs, and a text must be long enough to mean something', async () => {
    const { peer, threadId } = await openThread('one')
    const { turn } = await peer.submit(threadId, 'hold forget')
    expect(await refusal(peer, { threadId })).to.include({ errorName: 'busy' })
    site.model.release('forget')
    await peer.turnEnd(turn.id)
    for (const [params, errorName] of [
      [{ match: 'abc' }, 'usage'],
      [{ match: 'abcd', turnId: turn.id }, 'usage'],
      [{ match: 'was never said' }, 'notFound'],
      [{ turnId: 'nothing' }, 'notFound'],
      [{ threadId: 'nothing' }, 'notFound'],
    ] as const)
      expect(await refusal(peer, { threadId, ...params })).to.include({ errorName })
  })
})
