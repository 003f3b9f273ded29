/** What comes on `codex.sock` before it is a WebSocket, if it ever becomes one. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import { type CodexListener, listenForCodex } from '../../../../src/daemon/codex-socket/listen-codex-socket.ts'
import { ShareError } from '../../../../src/protocol/errors.ts'
import { Guard } from '../../../../src/rpc/guard.ts'
import { makeScratch, type Scratch } from '../../../support/scratch.ts'

describe('the listener of codex.sock', () => {
  let scratch: Scratch
  let listener: CodexListener
  let path: string
  const failures: unknown[] = []
  const clients: string[] = []
  let isServed = false
  const done: string[] = []
  let lastAnswer = ''
  let tooMany: ShareError | undefined

  before(async () => {
    scratch = makeScratch()
    path = join(scratch.dir, 's')
    listener = await listenForCodex({
      path,
      maxConnections: 10,
      maxFrameBytes: 1000,
      handshakeMs: 100,
      onLost: () => {},
      onTrouble: () => {},
      admit: () => tooMany,
      guard: (socket) =>
        new Guard((error) => {
          failures.push(error)
          socket.destroy()
        }),
      onClient: (ws) => {
        clients.push('came')
        if (!isServed) throw new Error('it cannot be served')
        ws.on('message', () => {
          done.push('message')
          setImmediate(() => done.push('others'))
          if (done.filter((what) => what === 'message').length === 3) ws.terminate()
        })
      },
    })
  })

  after(async () => {
    await listener.close()
    scratch.remove()
  })

  const send = async (text: string | Buffer) => {
    const socket = connect(path).setEncoding('utf8')
    socket.write(text)
    let answer = ''
    socket.on('data', (part: string) => {
      answer += part
    })
    await once(socket, 'close')
    lastAnswer = answer
    return answer.split('\r\n')[0]
  }
  const upgrade = (target: string) =>
    `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n'

  it('answers what is no address, and an address that is none of its, with 404', async () => {
    const targets = ['//', '//[', 'http://[', '/elsewhere', '/rpc/..%2f']
    expect(await Promise.all(targets.map((target) => send(upgrade(target))))).to.deep.equal(
      targets.map(() => 'HTTP/1.1 404 Not Found'),
    )
  })

  it('ends a connection that does not finish its request in time', async () => {
    expect(await send('GET /rpc HTTP/1.1\r\nHost')).to.equal('')
  })

  it('says why it takes no more connections', async () => {
    tooMany = new ShareError('overloaded', 'it is full', { hint: 'Come later.' })
    const answer = await send(upgrade('/rpc'))
    tooMany = undefined
    expect(answer).to.equal('HTTP/1.1 503 Service Unavailable')
    expect(lastAnswer).to.match(/\r\n\r\nit is full\nCome later\.\n$/)
  })

  it('ends a connection that it cannot serve, and takes the next', async () => {
    expect([await send(upgrade('/rpc')), await send(upgrade('/'))]).to.deep.equal(
      Array(2).fill('HTTP/1.1 101 Switching Protocols'),
    )
    expect([clients, failures.map(String)]).to.deep.equal([
      ['came', 'came'],
      ['Error: it cannot be served', 'Error: it cannot be served'],
    ])
  })

  it('takes one message of a client in each turn of the event loop', async () => {
    isServed = true
    // Texts without a letter, each in a frame of its own: the frame says text and masked, and then the mask.
    await send(Buffer.concat([Buffer.from(upgrade('/rpc')), ...Array(3).fill(Buffer.from([0x81, 0x80, 0, 0, 0, 0]))]))
    isServed = false
    expect(done.slice(0, 5)).to.deep.equal(['message', 'others', 'message', 'others', 'message'])
  })
})
