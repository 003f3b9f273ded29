/** The requests on a stock client's own link: each is answered once, also where the link ends. */
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { expect } from 'chai'
import { type WebSocket, WebSocketServer } from 'ws'
import { ServerSide, type ServerSideOptions } from '../../../../src/daemon/codex-socket/server-side.ts'
import { Guard } from '../../../../src/rpc/guard.ts'
import { makeScratch, type Scratch } from '../../../support/scratch.ts'
import { clientRequest } from '../../../support/sites/scripted-session.ts'
import { eventually } from '../../../support/waiting/eventually.ts'

describe('The own link of a stock client', () => {
  let scratch: Scratch
  let http: Server
  /** The app-server's end of the link, and what came there. */
  let codex: WebSocket[]
  let came: unknown[]
  let log: unknown[][]
  let side: ServerSide
  /** How many events of the link there were. */
  let guarded: number
  /** Ends the change to the next app-server. */
  let relinked: () => void

  beforeEach(async () => {
    scratch = makeScratch()
    const socketPath = join(scratch.dir, 's')
    ;[codex, came, log] = [[], [], []]
    http = createServer()
    new WebSocketServer({ server: http }).on('connection', (ws) => {
      codex.push(ws)
      ws.on('message', (data) => came.push(JSON.parse(String(data))))
    })
    await new Promise<void>((resolve) => http.listen(socketPath, resolve))
    const link = {}
    const guard = new Guard((error) => log.push(['failed', error]))
    guarded = 0
    const core = {
      supervisor: { info: { socketPath, instance: 'first' } },
      gateway: { link: async () => link, current: link },
      settings: { limits: { queuedBytes: 1e6 } },
    } as unknown as ServerSideOptions['core']
    side = new ServerSide({
      core,
      guard: {
        failed: guard.failed,
        run: (work) => {
          guard.run(work)
          guarded += 1
        },
      },
      client: {
        forward: (data) => log.push(['forward', JSON.parse(String(data))]),
        refuse: (_request, { code }) => log.push(['refuse', code]),
        pause: () => {},
        resume: () => {},
      },
      onFrame: (frame) => log.push(['frame', frame.kind]),
      onLost: () => log.push(['lost']),
      relink: async (reason) => {
        log.push(['relink', reason])
        await new Promise<void>((resolve) => {
          relinked = resolve
        })
        await side.dial()
      },
      onFailure: (error) => log.push(['failure', String(error)]),
    })
    await side.untilLinked()
    await eventually('the app-server has the link', () => codex.length === 1)
  })

  afterEach(() => {
    side.close()
    for (const ws of codex) ws.terminate()
    http.close()
    scratch.remove()
  })

  const request = (id: string) => ({ ...clientRequest('m', {}), id, data: Buffer.from(`{"id":${id},"method":"m"}`) })
  const answer = (reply: object) => codex.at(-1)?.send(JSON.stringify(reply))
  const logged = (count: number) => eventually(`${count} things happened`, () => log.length >= count && log)

  it('passes a request on as it came, and hands its reply on after the one who waits for it', async () => {
    side.pass(request('1'), { onReply: () => log.push(['seen']) })
    side.pass(request('2'), { onReply: () => log.push(['ours']), isOurs: true })
    side.pass(request('3'), {}, { a: 1 })
    await eventually('they came', () => came.length === 3)
    expect(came).to.deep.equal([
      { id: 1, method: 'm' },
      { id: 2, method: 'm' },
      { id: 3, method: 'm', params: { a: 1 } },
    ])
    for (const id of [1, 2, 3, 1]) answer({ id, result: {} })
    expect(await logged(5)).to.deep.equal([
      ...[['seen'], ['forward', { id: 1, result: {} }], ['ours'], ['forward', { id: 3, result: {} }]],
      // It waits for no reply under this id any more.
      ['frame', 'reply'],
    ])
  })

  it('answers what waits when the link ends, and passes the next on once it is linked again', async () => {
    side.pass(request('1'))
    side.pass(request('2'), { onLost: () => log.push(['handled']) })
    side.pass(request('3'), { isOurs: true })
    const asked = side.ask('4', 'm', {}).catch(String)
    await eventually('they came', () => came.length === 4)
    codex[0]?.terminate()
    await eventually('it goes over', () => log.some(([what]) => what === 'relink'))
    expect(log.slice(0, 3)).to.deep.equal([['refuse', -32001], ['handled'], ['lost']])
    expect(await asked).to.contain('the app-server ended during m')
    side.pass(request('5'))
    expect(side.pending.size).to.equal(0)
    relinked()
    await eventually('it came', () => came.length === 5)
    answer({ id: 5, result: {} })
    expect((await logged(5)).slice(4)).to.deep.equal([['forward', { id: 5, result: {} }]])
  })

  it('gives all replies to a client that uses an id again, and ends the wait for the first', async () => {
    side.pass(request('1'), { onLost: () => log.push(['replaced']) })
    for (const _ of [2, 3]) side.pass(request('1'))
    await eventually('they came', () => came.length === 3)
    for (const result of [1, 2, 3]) answer({ id: 1, result })
    expect(await logged(4)).to.deep.equal([
      ...[['replaced'], ['forward', { id: 1, result: 1 }], ['frame', 'reply'], ['frame', 'reply']],
    ])
  })

  it('links no client again that has left', async () => {
    side.pass(request('1'))
    await eventually('it came', () => came.length === 1)
    side.close()
    await eventually('the link has ended', () => guarded === 1)
    expect(log).to.deep.equal([['refuse', -32001]])
  })
})
