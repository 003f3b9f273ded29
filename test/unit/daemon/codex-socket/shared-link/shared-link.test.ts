/** One link for several clients, to an app-server that the test plays: whom its frames reach, and how it ends. */
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { expect } from 'chai'
import { type WebSocket, WebSocketServer } from 'ws'
import {
  SharedLink,
  type SharedLinkMember,
  startedTurn,
} from '../../../../../src/daemon/codex-socket/shared-link/shared-link.ts'
import { Guard } from '../../../../../src/rpc/guard.ts'
import { makeScratch, type Scratch } from '../../../../support/scratch.ts'
import { clientRequest } from '../../../../support/sites/scripted-session.ts'
import { silentLog } from '../../../../support/sites/thread-site.ts'
import { eventually } from '../../../../support/waiting/eventually.ts'

interface Asked {
  readonly id?: string
  readonly method: string
  readonly params?: { readonly threadId?: string }
}

const turn = { id: 'x', rootTurnId: 'x' }

describe('The shared link', () => {
  let scratch: Scratch
  let http: Server
  let codex: WebSocket[]
  /** What came to the app-server. */
  let asked: string[]
  let refuses: boolean
  let link: SharedLink
  let log: string[]

  beforeEach(async () => {
    scratch = makeScratch()
    ;[codex, asked, refuses, log] = [[], [], false, []]
    http = createServer()
    new WebSocketServer({ server: http }).on('connection', (ws) => {
      codex.push(ws)
      ws.on('message', (data) => answer(ws, JSON.parse(String(data))))
    })
    const socketPath = join(scratch.dir, 's')
    await new Promise<void>((resolve) => http.listen(socketPath, resolve))
    const hello = clientRequest('initialize', { clientInfo: { name: 'tui' } })
    link = new SharedLink({ socketPath: () => socketPath, maxQueuedBytes: 1e6, ownLinks: 1, hello, log: silentLog })
  })

  afterEach(() => {
    for (const ws of codex) ws.terminate()
    http.close()
    scratch.remove()
  })

  const answer = (ws: WebSocket, { id, method, params }: Asked) => {
    asked.push([method, params?.threadId].filter(Boolean).join(' '))
    if (id === undefined) return
    const isRefused = refuses && method === 'thread/resume'
    ws.send(JSON.stringify(isRefused ? { error: { code: 1, message: 'no' }, id } : { id, result: {} }))
  }
  const member = (name: string, onFrame = () => {}): SharedLinkMember => ({
    guard: new Guard((error) => log.push(`${name} failed: ${String(error)}`)),
    onSharedFrame: (data) => {
      onFrame()
      log.push(`${name} ${JSON.parse(String(data)).method}`)
    },
    onLinkLost: () => log.push(`${name} lost it`),
  })
  const send = (method: string, params: object) => codex[0]?.send(JSON.stringify({ method, params }))
  /** A member of its own for what comes last, so that all before has come. */
  const delivered = async (...frames: (readonly [string, object])[]) => {
    const before = log.length
    for (const [method, params] of frames) send(method, params)
    send('turn/started', { threadId: 't', turn })
    await eventually('all came', () => log.length > before && log.at(-1)?.endsWith('turn/started'))
    return log.slice(before)
  }
  const joined = async (...members: readonly SharedLinkMember[]) => {
    for (const one of members) link.join('t', one)
    await eventually('the thread is resumed', () => asked.includes('thread/resume t'))
  }

  it('follows a thread once more have it open than their own links are good for', async () => {
    const ann = member('ann')
    link.join('t', ann)
    link.join('t', ann)
    expect(link.follows('t')).to.equal(false)
    link.join('t', member('bob'))
    link.join('t', member('eve'))
    expect(link.follows('t')).to.equal(true)
    await eventually('it is resumed', () => asked.includes('thread/resume t'))
    expect(asked).to.deep.equal(['initialize', 'initialized', 'thread/resume t'])
  })

  it('does not follow where Codex refuses', async () => {
    refuses = true
    await joined(member('ann'), member('bob'))
    await eventually('it does not', () => !link.follows('t'))
    expect([link.isOver, log]).to.deep.equal([false, []])
  })

  it('gives each frame of a thread to those who have it open, and to no others', async () => {
    await joined(member('ann'), member('bob'))
    link.join('other', member('eve'))
    const given = await delivered(['account/updated', {}], ['item/started', { threadId: 'nobody’s' }])
    expect(given).to.deep.equal(['ann turn/started', 'bob turn/started'])
  })

  it('gives the others theirs where one fails', async () => {
    const failing = member('ann', () => {
      throw new Error('full')
    })
    await joined(failing, member('bob'))
    expect(await delivered()).to.deep.equal(['ann failed: Error: full', 'bob turn/started'])
  })

  it('knows how far it is in a turn', async () => {
    await joined(member('ann'), member('bob'))
    const delta = ['item/agentMessage/delta', { threadId: 't', turnId: 'x', itemId: 'i', delta: 'd' }] as const
    await delivered(delta)
    expect(link.place('t')).to.deep.equal({ turnId: 'x', frames: 0 })
    send(...delta)
    send(...delta)
    await eventually('both came', () => link.place('t')?.frames === 2)
    expect(link.place('other')).to.equal(undefined)
  })

  it('follows a thread no longer that is closed', async () => {
    await joined(member('ann'), member('bob'))
    await delivered()
    send('thread/closed', { threadId: 't' })
    await eventually('it is closed', () => !link.follows('t'))
    expect([link.place('t'), link.isOver, log.slice(-1)]).to.deep.equal([undefined, false, ['bob thread/closed']])
  })

  it('unsubscribes with the last of a thread, and ends with the last of all', async () => {
    const [ann, bob, eve] = [member('ann'), member('bob'), member('eve')]
    await joined(ann, bob)
    link.join('other', eve)
    link.leave('t', ann)
    link.leave('t', ann)
    expect([link.follows('t'), link.isOver]).to.deep.equal([true, false])
    link.leave('t', bob)
    await eventually('it is unsubscribed', () => asked.includes('thread/unsubscribe t'))
    expect([link.follows('t'), link.isOver]).to.deep.equal([false, false])
    link.leave('other', eve)
    expect(link.isOver).to.equal(true)
    await eventually('it is closed', () => codex[0]?.readyState === codex[0]?.CLOSED)
    expect(log).to.deep.equal([])
  })

  it('is lost to all who have something open when the app-server ends', async () => {
    await joined(member('ann'), member('bob'))
    link.join('other', member('eve'))
    await delivered()
    codex[0]?.terminate()
    await eventually('it has ended', () => link.isOver)
    expect(log.slice(-3)).to.deep.equal(['ann lost it', 'bob lost it', 'eve lost it'])
    expect([link.follows('t'), link.place('t')]).to.deep.equal([false, undefined])
  })

  it('is lost where nobody listens', async () => {
    http.close()
    for (const name of ['ann', 'bob']) link.join('t', member(name))
    await eventually('it has ended', () => link.isOver)
    expect([log, link.follows('t')]).to.deep.equal([['ann lost it', 'bob lost it'], false])
  })
})

describe('The turn that a notification starts', () => {
  for (const [method, params, id] of [
    ['turn/started', { threadId: 't', turn }, 'x'],
    ['turn/started', { threadId: 't', turn: { id: 'runs', rootTurnId: 'root' } }, 'runs'],
    ['turn/completed', { threadId: 't', turn }, null],
    ['turn/started', {}, null],
  ] as const)
    it(`is ${id} by ${method} of ${JSON.stringify(params)}`, () => {
      expect(startedTurn(method, Buffer.from(JSON.stringify({ method, params })))).to.equal(id)
    })
})
