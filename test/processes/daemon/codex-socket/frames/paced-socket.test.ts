/** Passing on from a fast socket to a slow one: bounded, complete, in order. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import { WebSocket, WebSocketServer } from 'ws'
import { PacedSocket } from '../../../../../src/daemon/codex-socket/frames/paced-socket.ts'
import { unguarded } from '../../../../../src/rpc/guard.ts'
import { makeScratch, type Scratch } from '../../../../support/scratch.ts'
import { eventually } from '../../../../support/waiting/eventually.ts'

const maxQueuedBytes = 256 * 1024
const frame = Buffer.alloc(16 * 1024, 'x')
const count = 2000
const common = { maxQueuedBytes, guard: unguarded }

describe('passing on to a client that does not read', () => {
  let scratch: Scratch
  let server: Server
  const open: WebSocket[] = []

  before(async () => {
    scratch = makeScratch()
    server = createServer()
    server.listen(join(scratch.dir, 's'))
    await once(server, 'listening')
  })

  after(() => {
    for (const ws of open) ws.terminate()
    server.close()
    scratch.remove()
  })

  /** Both ends of a WebSocket, and the connection under the first. */
  const pair = async (): Promise<[near: WebSocket, socket: Socket, far: WebSocket]> => {
    const sockets = new WebSocketServer({ noServer: true })
    const near = new Promise<[WebSocket, Socket]>((resolve) => {
      server.once('upgrade', (request, socket, head) =>
        sockets.handleUpgrade(request, socket, head, (ws) => resolve([ws, request.socket])),
      )
    })
    const far = new WebSocket('ws://localhost/', { createConnection: () => connect(join(scratch.dir, 's')) })
    await once(far, 'open')
    const [ws, socket] = await near
    open.push(ws, far)
    return [ws, socket, far]
  }

  it('holds the source back at the limit, and lets everything through in order once it reads', async () => {
    const [sourceWs, sourceSocket, sender] = await pair()
    const [sinkWs, sinkSocket, reader] = await pair()
    let [passed, most] = [0, 0]
    const nothing = () => {}
    const sink = new PacedSocket({ ...common, ws: sinkWs, socket: sinkSocket, onFrame: nothing, onEnd: nothing })
    const source: PacedSocket = new PacedSocket({
      ...common,
      ws: sourceWs,
      socket: sourceSocket,
      onFrame: (data, isBinary) => {
        passed += 1
        sink.send(data, isBinary)
        if (sink.isFull) sink.holdBack(source)
        most = Math.max(most, sinkSocket.writableLength)
      },
      onEnd: nothing,
    })
    reader.pause()
    const received: number[] = []
    reader.on('message', (data) => {
      if (Buffer.isBuffer(data)) received.push(data.readUInt32BE())
    })
    for (let index = 0; index < count; index += 1) {
      const numbered = Buffer.from(frame)
      numbered.writeUInt32BE(index)
      sender.send(numbered)
    }
    await eventually('the source is held back', () => most > maxQueuedBytes)
    // One chunk of the source, up to 64 KiB, may come on top before the pause takes effect.
    expect(most).to.be.below(maxQueuedBytes + 256 * 1024)
    expect(passed).to.be.below(count)
    reader.resume()
    await eventually('all is there', () => received.length === count)
    expect(received).to.deep.equal(Array.from({ length: count }, (_, index) => index))
    expect(most).to.be.below(maxQueuedBytes + 256 * 1024)
  })

  it('closes with as much of a reason as a close frame holds, in whole characters', async () => {
    const [ws, socket, far] = await pair()
    const paced = new PacedSocket({ ...common, ws, socket, onFrame: () => {}, onEnd: () => {} })
    // A path in another script is long in bytes before it is long in characters.
    paced.close(1013, '/ホーム/花子/コーデックス'.repeat(4))
    const [code, reason] = await once(far, 'close')
    expect([code, String(reason)]).to.deep.equal([1013, `${'/ホーム/花子/コーデックス'.repeat(3)}/ホーム/花`])
  })
})
