/** Every kind of message of the generated schema, both ways through `codex.sock`: what comes out is what went in, byte for byte. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { expect } from 'chai'
import { type WebSocket, WebSocketServer } from 'ws'
import { type KindSchema, type Protocol, readProtocol } from '../../../scripts/codex/read-protocol.ts'
import { oldestCodex } from '../../../src/codex/binary/codex-version.ts'
import { findCodex } from '../../../src/codex/binary/find-codex.ts'
import { connectStockPeer, type StockPeer } from '../../support/peers/stock-peer.ts'
import { sampleMessage } from '../../support/samples/sample-message.ts'
import { makeSite, type TestSite } from '../../support/sites/daemon-process.ts'
import { eventually } from '../../support/waiting/eventually.ts'

describe('every message of the generated schema', function () {
  this.timeout(60_000)
  let site: TestSite
  let protocol: Protocol
  let server: Server
  let stock: StockPeer
  /** The client's own connection as the app-server sees it, and what came over it. */
  let theirs: WebSocket
  const received: string[] = []

  before(async () => {
    site = await makeSite()
    const codex = await findCodex({ env: {}, packageFrom: import.meta.url, cwd: site.dir })
    protocol = readProtocol(codex, join(site.dir, 'schema'))
    server = await listenAsAppServer(join(site.runtimeDir, 'app-server.sock'), (ws, text) => {
      if (text.includes('"codex-tui"')) theirs = ws
      if (ws === theirs) received.push(text)
    })
    await site.startDaemon()
    stock = await connectStockPeer(join(site.runtimeDir, 'codex.sock'))
    await eventually('initialized', () => received.some((text) => text.includes('"initialized"')))
  })

  after(async () => {
    stock.close()
    await site.close()
    server.closeAllConnections()
    server.close()
  })

  const samples = (kind: KindSchema) =>
    [...kind.methods.keys()].map((method, index) => JSON.stringify(sampleMessage(kind, method, 1000 + index)))

  it('from the app-server reaches the client as it was sent', async () => {
    const sent = [...samples(protocol.ServerNotification), ...samples(protocol.ServerRequest)]
    const before = stock.frames.length
    for (const text of sent) theirs.send(text)
    await eventually('all came', () => stock.frames.length >= before + sent.length)
    expect(stock.frames.slice(before)).to.deep.equal(sent)
  })

  it('from the client reaches the app-server as it was sent, but for those that a rule may answer', async () => {
    // A prompt waits for admission, which asks an app-server that knows threads; settings are left out of a `thread/resume` that names
    // a file. test/integration/codex-socket/rules.test.ts and settings.test.ts have them.
    const ruled = new Set(['turn/start', 'thread/resume'])
    const free = [...protocol.ClientRequest.methods.keys()].filter((method) => !ruled.has(method))
    const kept = {
      ...protocol.ClientRequest,
      methods: new Map(free.map((method) => [method, protocol.ClientRequest.methods.get(method) ?? {}])),
    }
    const answers = samples(protocol.ServerRequest).map((text) =>
      JSON.stringify({ id: JSON.parse(text).id, result: { a: [text] } }),
    )
    for (const text of samples(protocol.ServerRequest)) theirs.send(text)
    await stock.told('execCommandApproval')
    const sent = [...samples(kept), ...samples(protocol.ClientNotification), ...answers]
    const before = received.length
    for (const text of sent) stock.send(text)
    await eventually('all came', () => received.length >= before + sent.length)
    expect(received.slice(before)).to.deep.equal(sent)
  })
})

/** As much of an app-server as the daemon needs to link to it. */
async function listenAsAppServer(path: string, onText: (ws: WebSocket, text: string) => void): Promise<Server> {
  const server = createServer()
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false })
  server.on('upgrade', (request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, (ws) =>
      ws.on('message', (data) => {
        const text = String(data)
        onText(ws, text)
        const { id, method } = JSON.parse(text)
        const hello = {
          userAgent: `codex-share/${oldestCodex} (a test)`,
          codexHome: '/nowhere',
          platformFamily: 'unix',
          platformOs: 'linux',
        }
        if (method === 'initialize') ws.send(JSON.stringify({ id, result: hello }))
        else if (method === 'account/read' && text.length < 100)
          ws.send(JSON.stringify({ id, result: { account: null, requiresOpenaiAuth: false } }))
      }),
    ),
  )
  server.listen(path)
  await once(server, 'listening')
  return server
}
