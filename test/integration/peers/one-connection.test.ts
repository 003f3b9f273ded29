/** What one connection does to the daemon's code ends that connection at most: everybody else is served by the same process. */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import { WebSocket } from 'ws'
import { connectStockPeer, type StockPeer } from '../../support/peers/stock-peer.ts'
import type { TestPeer } from '../../support/peers/test-peer.ts'
import { describeSite } from '../../support/sites/describe-site.ts'

/** However it comes to it. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()))
}

/** As deep as `JSON.parse` reads and `JSON.stringify` does not write. */
const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`

const introduction = {
  clientInfo: { name: 'codex-tui', title: null, version: '0' },
  capabilities: { experimentalApi: true, requestAttestation: false },
}

describeSite('what one connection does', { each: true, daemon: false }, (site) => {
  let daemon: ChildProcess
  let witness: TestPeer
  let codexSocket: string
  const sockets: Socket[] = []
  const stockPeers: StockPeer[] = []

  beforeEach(async () => {
    daemon = await site.startDaemon()
    codexSocket = join(site.runtimeDir, 'codex.sock')
    witness = await site.connect()
  })

  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy()
    for (const peer of stockPeers.splice(0)) peer.close()
  })

  const connectRaw = async () => {
    const socket = connect(codexSocket)
    socket.on('error', () => {})
    sockets.push(socket)
    await once(socket, 'connect')
    return socket
  }
  const connectStock = async () => {
    const peer = await connectStockPeer(codexSocket)
    stockPeers.push(peer)
    return peer
  }
  const upgrade = (target: string) =>
    `GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n'

  /** Those who were there before are answered, and so are those who come. */
  const expectOthersServed = async () => {
    expect(await witness.call('share/list', {})).to.have.property('threads')
    const stock = await connectStock()
    expect(await stock.call('thread/list', {})).to.have.property('result')
    expect({ code: daemon.exitCode, closed: witness.closed }).to.deep.equal({ code: null, closed: false })
  }

  for (const target of ['//', '//[', 'http://[', '/\\\\[', 'http://localhost:99999/'])
    it(`is its own affair when it asks for a WebSocket at ${target}`, async () => {
      const socket = await connectRaw()
      socket.write(upgrade(target))
      await closed(socket.resume())
      await expectOthersServed()
    })

  it('is its own affair when it asks for a WebSocket elsewhere and does not wait for the answer', async () => {
    for (let round = 0; round < 20; round += 1) {
      const socket = await connectRaw()
      socket.write(upgrade('/elsewhere'), () => socket.destroy())
      await closed(socket)
    }
    await expectOthersServed()
  })

  it('is its own affair when a message has more values than anybody needs', async () => {
    const ws = new WebSocket('ws://localhost/rpc', { createConnection: () => connect(codexSocket) })
    await once(ws, 'open')
    ws.send(`{"id":0,"method":"thread/list","params":{"a":[0${',0'.repeat(100_000)}]}}`)
    expect((await once(ws, 'close')).map(String)).to.deep.equal(['1013', 'a message has more than 100000 values'])
    await expectOthersServed()
  })

  it('is its own affair when its first initialize is nested deeper than can be written', async () => {
    const other = await connectStock()
    const ws = new WebSocket('ws://localhost/rpc', { createConnection: () => connect(codexSocket) })
    await once(ws, 'open')
    ws.send(`{"id":0,"method":"initialize","params":${deep}}`)
    ws.send(`{"id":1,"method":"initialize","params":${JSON.stringify(introduction)}}`)
    ws.send(`{"id":2,"method":"thread/start","params":{"cwd":${JSON.stringify(site.dir)}}}`)
    await once(ws, 'close')
    expect(other.closed).to.equal(false)
    await expectOthersServed()
  })
})
