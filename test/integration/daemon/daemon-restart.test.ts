/** The daemon goes and comes back; the turn and everybody's events do not mind. */
import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect } from 'chai'
import { openClient } from '../../../src/client/open-client.ts'
import { readLiveRecord } from '../../../src/platform/processes/process-record.ts'
import type { ShareEvent } from '../../../src/protocol/events.ts'
import { isDelta } from '../../../src/protocol/notifications.ts'
import type { TestPeer } from '../../support/peers/test-peer.ts'
import { endProcess } from '../../support/sites/daemon-process.ts'
import { describeSite } from '../../support/sites/describe-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

/** Events that stay, to the end of the last turn: deltas of finished items do not, and what Codex tells behind it may come later. */
function lasting(events: readonly ShareEvent[]): unknown[] {
  const end = events.findLastIndex(({ method }) => method === 'turn/completed')
  return events
    .slice(0, end + 1)
    .filter(({ method }) => !isDelta(method))
    .map(({ id, method, turnId }) => ({ id, method, turnId }))
}

async function sees(peer: TestPeer, text: string): Promise<void> {
  await eventually(`the answer ${text}`, () => peer.events.some(({ params }) => JSON.stringify(params).includes(text)))
}

describeSite('a daemon that is killed in the middle of an answer', { daemon: false }, (site) => {
  it('comes back to the same running turn, and every peer that resumes has what one has that reads it all', async () => {
    const daemon = await site.startDaemon()
    const [poster, watcher] = [await site.connect(), await site.connect()]
    const threadId = await poster.startThread()
    await watcher.follow(threadId, 0)
    const { turn } = await poster.submit(threadId, 'hold restart', 'request-1')
    await sees(watcher, 'Before the hold.')
    const appServer = await site.appServerPid()
    await endProcess(daemon)
    await eventually('the peers notice', () => watcher.closed && poster.closed)
    const before = [...watcher.events]

    await site.startDaemon()
    const resumed = await site.connect()
    await resumed.follow(threadId, before.at(-1)?.id ?? 0)
    expect((await resumed.submit(threadId, 'another').catch((error: unknown) => error)) as object).to.include({
      errorName: 'busy',
    })
    site.model.release('restart')
    expect(await resumed.turnEnd(turn.id)).to.equal('completed')

    const reader = await site.connect()
    await reader.follow(threadId, 0)
    await reader.turnEnd(turn.id)
    expect(await site.appServerPid()).to.equal(appServer)
    expect(lasting([...before, ...resumed.events])).to.deep.equal(lasting(reader.events))
    expect(JSON.stringify(reader.events)).to.include('After the hold.')
  })

  it('knows its app-server again although no record of it was written', async () => {
    const daemon = await site.startDaemon({ CODEX_SHARE_TAKEOVER: '1' })
    const before = await site.appServerPid()
    await endProcess(daemon)
    rmSync(site.appServerRecord)
    await site.startDaemon()
    await (await site.connect()).startThread()
    expect(await site.appServerPid()).to.equal(before)
  })

  it('gives a repeated request id its first turn, and refuses other content, also after a restart', async () => {
    const [daemon, peer] = [await site.startDaemon({ CODEX_SHARE_TAKEOVER: '1' }), await site.connect()]
    const threadId = await peer.startThread()
    await peer.follow(threadId)
    const first = await peer.submit(threadId, 'say this once', 'once')
    await peer.turnEnd(first.turn.id)
    await endProcess(daemon)
    await site.startDaemon()
    const again = await site.connect()
    const requests = site.model.requests()
    const second = await again.submit(threadId, 'say this once', 'once')
    expect([second.turn.id, second.share.duplicate]).to.deep.equal([first.turn.id, true])
    expect((await again.submit(threadId, 'say that', 'once').catch((error: unknown) => error)) as object).to.include({
      errorName: 'conflict',
    })
    expect(site.model.requests()).to.equal(requests)
  })

  it('has the turns again that the ledger lost when the power failed, under ids that nobody has seen', async () => {
    const [daemon, peer] = [await site.startDaemon({ CODEX_SHARE_TAKEOVER: '1' }), await site.connect()]
    const threadId = await peer.startThread()
    await peer.follow(threadId)
    await peer.turnEnd((await peer.submit(threadId, 'kept words')).turn.id)
    const ledger = join(site.dir, 'data/codex-share/ledger.db')
    const files = ['', '-wal'].map((suffix) => [ledger + suffix, `${ledger}${suffix}.before`] as const)
    for (const [file, copy] of files) copyFileSync(file, copy)
    const { turn } = await peer.submit(threadId, 'lost words', 'lost')
    await peer.turnEnd(turn.id)
    const requests = site.model.requests()
    const seen = peer.events.at(-1)?.id ?? 0
    await endProcess(daemon)
    for (const [file, copy] of files) copyFileSync(copy, file)
    const db = new Database(ledger)
    db.exec("UPDATE meta SET value = 'another boot' WHERE name = 'boot'")
    db.close()

    await site.startDaemon()
    const reader = await site.connect()
    const again = await reader.submit(threadId, 'lost words', 'lost')
    expect([again.turn.id, again.share.duplicate, site.model.requests()]).to.deep.equal([turn.id, true, requests])
    const back = await eventually('the turn is back', async () => {
      const { events } = (await reader.call('share/events', { threadId, after: 0 })) as { events: ShareEvent[] }
      const found = events.filter(({ turnId }) => turnId === turn.id)
      return found.length > 0 && found
    })
    expect(back.map(({ method }) => method)).to.deep.equal([
      ...['turn/started', 'item/completed', 'item/completed', 'turn/completed'],
    ])
    expect(JSON.stringify(back)).to.include('You said: lost words')
    expect(back[0]?.id).to.be.above(seen)
  })

  it('is replaced without refusing a client', async () => {
    const old = await site.startDaemon({ CODEX_SHARE_TAKEOVER: '1' })
    const stop = new AbortController()
    let served = 0
    // The program's own way in: a knock that the old daemon still took and cut while leaving is repeated there, a refused one fails.
    const knocking = (async () => {
      while (!stop.signal.aborted) {
        const client = await openClient({
          endpoint: { kind: 'given', path: site.socket },
          identity: { kind: 'script', label: 'knocking' },
          notice: () => {},
        })
        served += 1
        client.close()
      }
    })()
    const replacing = (async () => {
      const next = await site.startDaemon({ CODEX_SHARE_TAKEOVER: '1' })
      await eventually('the old daemon leaves', () => old.exitCode !== null)
      const before = served
      await eventually('the new one serves', () => served > before + 5)
      expect([old.exitCode, next.exitCode]).to.deep.equal([0, null])
      expect((await readLiveRecord(site.ownerRecord))?.pid).to.equal(next.pid)
    })()
    try {
      await Promise.race([replacing, knocking])
    } finally {
      stop.abort()
      await Promise.all([replacing, knocking])
    }
  })
})
