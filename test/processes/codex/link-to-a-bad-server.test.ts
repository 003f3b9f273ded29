/** The link when the other side misbehaves, as the real app-server does not on demand. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { type AppServerLink, type LinkOptions, openAppServerLink } from '../../../src/codex/link/app-server-link.ts'
import { type AppServerProcess, startAppServer } from '../../../src/codex/process/app-server-process.ts'
import { ShareError } from '../../../src/protocol/errors.ts'
import { type CodexLab, client, openLab, textInput } from '../../fixtures/codex-lab.ts'

describe('link to an app-server that misbehaves', function () {
  this.timeout(20_000)
  let lab: CodexLab
  let appServer: AppServerProcess
  let link: AppServerLink

  const linkTo = async (behaviour: readonly string[], options: Partial<LinkOptions> = {}) => {
    lab = await openLab({ fake: behaviour })
    appServer = await startAppServer({ ...lab.place, codex: lab.codex, version: '0' })
    const quiet = { onNotification: () => {}, onRequest: () => {} }
    link = await openAppServerLink({ ...lab.place, client, ...quiet, ...options })
  }
  afterEach(async () => {
    link?.close()
    await lab?.close()
  })

  it('ends when the other side exits with 0 unasked, and says that the request was sent', async () => {
    await linkTo(['exit0'])
    const error = await link.request('account/read', {}).catch(asFacts)
    expect([error, (await link.closed).why]).to.deep.equal([['connectionLost', true], 'lost'])
  })

  it('ends when the first thing behind the handshake is no message', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cs-'))
    const socketPath = join(folder, 's')
    const frame = Buffer.from([0x81, 3, 0x7b, 0x7b, 0x7b])
    const server = createServer().on('upgrade', ({ headers }, socket) => {
      const key = `${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
      const accept = createHash('sha1').update(key).digest('base64')
      const head = `HTTP/1.1 101 .\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`
      socket.write(Buffer.concat([Buffer.from(head), frame]))
    })
    server.listen(socketPath)
    await once(server, 'listening')
    const quiet = { onNotification: () => {}, onRequest: () => {} }
    const error = await openAppServerLink({ socketPath, client, ...quiet }).catch(asFacts)
    server.closeAllConnections()
    server.close()
    rmSync(folder, { recursive: true })
    expect(error).to.deep.equal(['connectionLost', false])
  })

  it('is given up when whoever listens makes no WebSocket of it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cs-'))
    const socketPath = join(folder, 's')
    const server = createServer().on('upgrade', () => {})
    server.listen(socketPath)
    await once(server, 'listening')
    const quiet = { onNotification: () => {}, onRequest: () => {} }
    const opening = openAppServerLink({ socketPath, client, timeoutMs: 100, ...quiet })
    const error = await opening.catch((reason: unknown) => reason)
    expect(error).to.be.instanceOf(Error).with.property('message', 'no WebSocket within 0.1 s')
    server.closeAllConnections()
    server.close()
    rmSync(folder, { recursive: true })
  })

  it('ends when a frame comes that is no message', async () => {
    await linkTo(['garbage'])
    const error = await link.request('account/read', {}).catch(asFacts)
    expect([error, (await link.closed).message]).to.deep.equal([
      ['connectionLost', true],
      'this is not a message: this is {not a message',
    ])
  })

  it('ends with a clear reason when one frame has 100 MB', async () => {
    await linkTo(['huge'])
    const error = await link.request('account/read', {}).catch(asFacts)
    const { why, message } = await link.closed
    expect([error, why, message]).to.deep.equal([
      ['connectionLost', true],
      'tooLarge',
      'a frame of more than 64 MiB came',
    ])
  })

  it('goes on when a request is not answered but a ping is', async () => {
    await linkTo(['mute'], { pongTimeoutMs: 2_000 })
    const first = await link.request('account/read', {}, { timeoutMs: 50 }).catch(asFacts)
    const second = await link.request('account/read', {}, { timeoutMs: 2_300 }).catch(asFacts)
    expect([first, second]).to.deep.equal([
      ['timedOut', true],
      ['timedOut', true],
    ])
  })

  it('notices that a server which answered a ping once answers none any more', async () => {
    await linkTo(['mute'], { pongTimeoutMs: 1_000 })
    const first = await link.request('account/read', {}, { timeoutMs: 50 }).catch(asFacts)
    // Long enough for the first pong to come.
    const second = await link.forward('hang', {}, { timeoutMs: 2_000 }).catch(asFacts)
    expect([first, second]).to.deep.equal(Array(2).fill(['timedOut', true]))
    expect((await link.closed).why).to.equal('silent')
  })

  it('ends when neither a request nor a ping is answered', async () => {
    await linkTo(['hang'], { pongTimeoutMs: 100 })
    const error = await link.request('account/read', {}, { timeoutMs: 50 }).catch(asFacts)
    expect([error, (await link.closed).why]).to.deep.equal([['timedOut', true], 'silent'])
  })

  it('gives a request up when it is aborted', async () => {
    await linkTo(['mute'])
    const abort = new AbortController()
    const request = link.request('account/read', {}, { signal: abort.signal }).catch(asFacts)
    await new Promise((resolve) => setImmediate(resolve))
    abort.abort()
    expect(await request).to.deep.equal(['cancelled', true])
  })

  it('says of what never left that it was not sent, when the other side takes no more and dies', async () => {
    await linkTo(['hang'])
    // More than the kernel holds for a reader that does not read.
    const large = { x: 'y'.repeat(8_000_000) }
    const requests = [1, 2].map(() => link.forward('account/read', large).catch(asFacts))
    await new Promise((resolve) => setImmediate(resolve))
    process.kill(appServer.pid, 'SIGKILL')
    expect(await Promise.all(requests)).to.deep.equal([
      ['connectionLost', false],
      ['connectionLost', false],
    ])
  })

  it('is not opened to one that never answers initialize', async () => {
    const error = await linkTo(['silent'], { timeoutMs: 1_000 }).catch(asFacts)
    expect(error).to.deep.equal(['timedOut', true])
  })

  it('ends when our own handler throws, rather than lose what it was given', async () => {
    const cause = new Error('the disk is full')
    await linkTo([], {
      onNotification: () => {
        throw cause
      },
    })
    const { thread } = await link.request('thread/start', {})
    await link.request('thread/name/set', { threadId: thread.id, name: 'x' })
    expect(await link.closed).to.include({ why: 'handlerFailed', cause })
  })

  it('takes a flood as fast as it comes, and loses none', async () => {
    let deltas = 0
    const { promise: ended, resolve: end } = Promise.withResolvers<void>()
    await linkTo([], {
      onNotification: ({ method }) => {
        if (method === 'item/agentMessage/delta') deltas += 1
        else if (method === 'turn/completed') end()
      },
    })
    const { thread } = await link.request('thread/start', {})
    await link.request('turn/start', { threadId: thread.id, input: textInput('flood 50000 200') })
    await ended
    expect(deltas).to.equal(50_000)
  })
})

function asFacts(error: unknown): unknown {
  return error instanceof ShareError ? [error.errorName, error.facts.sent] : error
}
