/** What is thrown in serving one connection ends that one: it is said in the log, and all others are served. */
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { SqliteError } from 'better-sqlite3'
import { expect } from 'chai'
import { ChannelSink } from '../../../../src/daemon/daemon-socket/channel-sink.ts'
import { Feed } from '../../../../src/daemon/publishing/feed.ts'
import { guardConnection } from '../../../../src/daemon/sockets/guard-connection.ts'
import { type Ledger, openLedger } from '../../../../src/ledger/ledger.ts'
import type { Channel } from '../../../../src/rpc/channel.ts'
import { connectSocket, createChannelServer } from '../../../../src/rpc/node-ipc-channel.ts'
import { RpcPeer, VerbatimError } from '../../../../src/rpc/rpc-peer.ts'
import { makeScratch, type Scratch } from '../../../support/scratch.ts'
import { eventually } from '../../../support/waiting/eventually.ts'

/** A value that `JSON.stringify` throws at. */
function deepValue(): unknown {
  return JSON.parse(`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`)
}

describe('a guarded connection', () => {
  let scratch: Scratch
  let server: Server
  let path: string
  const said: unknown[] = []
  const log = { error: (facts: { peer: string; err: Error }) => said.push([facts.peer, facts.err.message]) }
  const channels: Channel[] = []

  before(async () => {
    scratch = makeScratch()
    path = join(scratch.dir, 's')
    const adopting = createChannelServer()
    server = createServer((socket: Socket) => {
      const guard = guardConnection({ log, who: () => 'anna', end: () => socket.destroy() })
      const channel = adopting.adopt(socket, guard)
      channels.push(channel)
      new RpcPeer(channel, {
        onRequest: (method) => {
          if (method === 'deep') throw new VerbatimError({ code: 1, message: 'x', data: deepValue() })
          return { method }
        },
        onNotification: (method) => {
          throw new Error(`nobody expects ${method}`)
        },
      })
    })
    server.listen(path)
    await once(server, 'listening')
  })

  afterEach(() => {
    said.length = 0
    for (const channel of channels.splice(0)) channel.close()
  })

  after(() => {
    server.close()
    scratch.remove()
  })

  const connectPeer = async () => {
    const before = channels.length
    const rpc = new RpcPeer(await connectSocket(path, { timeoutMs: 1000 }))
    return { rpc, near: await eventually('it is accepted', () => channels[before]) }
  }

  it('ends alone when its answer cannot be written down, and when its message is not what somebody expects', async () => {
    const [{ rpc: first }, { rpc: second }, { rpc: other }] = [
      await connectPeer(),
      await connectPeer(),
      await connectPeer(),
    ]
    const failure = await first.request('deep', {}).catch((error: unknown) => error)
    expect(failure).to.include({ errorName: 'connectionLost' })
    second.notify('surprise', {})
    await new Promise<void>((resolve) => second.onClose(() => resolve()))
    expect(await other.request('hello', {})).to.deep.equal({ method: 'hello' })
    expect(said).to.deep.equal([
      ['anna', 'Maximum call stack size exceeded'],
      ['anna', 'nobody expects surprise'],
    ])
  })

  it('lets all who want to know see it off, whichever of them fails', async () => {
    const { rpc, near } = await connectPeer()
    const seen: string[] = []
    near.onClose(() => {
      throw new Error('the first fails')
    })
    near.onClose(() => seen.push('the second'))
    rpc.close()
    await eventually('it is seen off', () => seen.length > 0)
    expect([seen, said]).to.deep.equal([['the second'], [['anna', 'the first fails']]])
  })

  it('is one of several that follow a thread, and the others have its events all the same', async () => {
    const ledger: Ledger = openLedger(join(scratch.dir, 'ledger.db'))
    ledger.threads.open('t', { name: null, cwd: '/', preview: null })
    const feed = new Feed(ledger.events, 1_000_000)
    const told = { fails: 0, works: 0 }
    const { near: failing } = await connectPeer()
    const { near: working } = await connectPeer()
    failing.sendLines = () => {
      told.fails += 1
      throw new Error('it cannot be written to')
    }
    working.sendLines = () => {
      told.works += 1
    }
    let live = 0
    for (const channel of [failing, working]) {
      channel.send = () => {
        live += 1
      }
      feed.follow(new ChannelSink(channel), 't', 0)
    }
    await eventually('both are at the head', () => live === 2)
    const event = { threadId: 't', turnId: null, atMs: 0, method: 'm', params: {}, itemId: null, by: null }
    feed.publish('t', ledger.events.append([event]))
    ledger.close()
    expect([told, said]).to.deep.equal([{ fails: 1, works: 1 }, [['anna', 'it cannot be written to']]])
  })

  it('does not hide that a page of the ledger is damaged, which is everybody’s affair', () => {
    const guard = guardConnection({ log, who: () => 'anna', end: () => said.push('ended') })
    const damaged = new SqliteError('database disk image is malformed', 'SQLITE_CORRUPT')
    const meet = () =>
      guard.run(() => {
        throw damaged
      })
    expect(meet).to.throw(damaged)
    expect(() => guard.failed(damaged)).to.throw(damaged)
    expect(said).to.deep.equal([])
  })
})
