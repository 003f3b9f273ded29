/** What comes on `daemon.sock` may be anything; the right error answers it and nobody else notices. */
import { once } from 'node:events'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { expect } from 'chai'
import { describeSite } from '../../support/sites/describe-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

interface Reply {
  readonly id: unknown
  readonly error?: { readonly code: number; readonly data: { readonly name: string } }
  readonly result?: unknown
}

class RawPeer {
  readonly replies: Reply[] = []
  readonly socket: Socket
  private rest = ''

  constructor(path: string) {
    this.socket = connect(path)
    this.socket.on('error', () => {})
    this.socket.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (this.rest + chunk).split('\n')
      this.rest = lines.pop() ?? ''
      for (const line of lines) this.replies.push(JSON.parse(line) as Reply)
    })
  }

  /** Sends bytes as they are and returns the next reply. */
  async ask(bytes: string | Buffer): Promise<Reply> {
    const before = this.replies.length
    this.socket.write(bytes)
    return eventually('a reply', () => this.replies[before])
  }
}

const hello = (id: unknown, protocol = { min: 1, max: 1 }, more: object = {}) =>
  `${JSON.stringify({
    jsonrpc: '2.0',
    id,
    method: 'initialize',
    params: { clientInfo: { name: 'raw', version: '0' }, share: { protocol, kind: 'script', ...more } },
  })}\n`

describeSite('the wire', { settings: { limits: { frameBytes: 1024 * 1024, requestsInFlight: 8 } } }, (site) => {
  let raw: RawPeer

  beforeEach(async () => {
    raw = new RawPeer(site.socket)
    await once(raw.socket, 'connect')
  })

  afterEach(() => raw.socket.destroy())
  const cases: readonly (readonly [string, string | Buffer, number, string])[] = [
    ['malformed JSON', '{"jsonrpc":\n', -32700, 'parseError'],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d, 0x0a]), -32700, 'parseError'],
    ['a batch', '[{"jsonrpc":"2.0","id":1,"method":"share/list"}]\n', -32600, 'invalidRequest'],
    ['a number', '17\n', -32600, 'invalidRequest'],
    ['a message without jsonrpc', '{"id":1,"method":"share/list"}\n', -32600, 'invalidRequest'],
    ['an id beyond 2^53', '{"jsonrpc":"2.0","id":9007199254740993,"method":"share/list"}\n', -32600, 'invalidRequest'],
    ['an empty id', '{"jsonrpc":"2.0","id":"","method":"share/list"}\n', -32600, 'invalidRequest'],
    ['200 levels of nesting', `${'{"a":'.repeat(200)}1${'}'.repeat(200)}\n`, -32600, 'invalidRequest'],
    ['a million levels of nesting', `${'['.repeat(400_000)}${']'.repeat(400_000)}\n`, -32600, 'invalidRequest'],
    [
      'more values than anybody needs',
      `{"jsonrpc":"2.0","id":1,"x":[0${',0'.repeat(20_000)}]}\n`,
      -32600,
      'invalidRequest',
    ],
    ['a frame over the limit', `{"x":"${'y'.repeat(1024 * 1024)}"}\n`, -32600, 'invalidRequest'],
    [
      'a request before initialize',
      '{"jsonrpc":"2.0","id":1,"method":"share/list","params":{}}\n',
      -32002,
      'notInitialized',
    ],
    ['a protocol that does not fit', hello(1, { min: 7, max: 9 }), -32013, 'versionMismatch'],
    ['an initialize without its parameters', '{"jsonrpc":"2.0","id":1,"method":"initialize"}\n', -32602, 'usage'],
  ]

  for (const [what, bytes, code, name] of cases)
    it(`answers ${what} with ${name}, and goes on serving that peer`, async () => {
      const reply = await raw.ask(bytes)
      expect({ code: reply.error?.code, name: reply.error?.data.name }).to.deep.equal({ code, name })
      expect((await raw.ask(hello('after'))).result).to.have.property('userAgent')
    })

  it('answers unknown methods, wrong parameters and __proto__ without harm', async () => {
    await raw.ask(hello(1))
    const ask = async (method: string, params: string) =>
      (await raw.ask(`{"jsonrpc":"2.0","id":2,"method":"${method}","params":${params}}\n`)).error?.data.name
    expect(await ask('share/nothing', '{}')).to.equal('methodNotFound')
    expect(await ask('__proto__', '{}')).to.equal('methodNotFound')
    expect(await ask('constructor', '{}')).to.equal('methodNotFound')
    expect(await ask('share/subscribe', '{"threadId":7}')).to.equal('usage')
    expect(await ask('share/subscribe', '{"__proto__":{"threadId":"x"}}')).to.equal('usage')
    expect(await ask('share/events', '{"threadId":"nope"}')).to.equal('notFound')
    expect(await ask('thread/unsubscribe', '{"threadId":"x"}')).to.equal('methodNotFound')
  })

  it('keeps a read-only peer from changing anything', async () => {
    await raw.ask(hello(1, { min: 1, max: 1 }, { readOnly: true }))
    const ask = async (method: string) =>
      (await raw.ask(`{"jsonrpc":"2.0","id":2,"method":"${method}","params":{"threadId":"x"}}\n`)).error?.data.name
    expect(await Promise.all([ask('turn/start')])).to.deep.equal(['readOnly'])
    expect(await ask('turn/interrupt')).to.equal('readOnly')
    expect(await ask('share/open')).to.equal('readOnly')
    expect(await ask('share/close')).to.equal('readOnly')
    expect(await ask('share/forget')).to.equal('readOnly')
    expect(await ask('share/shutdown')).to.equal('readOnly')
  })

  it('refuses more requests at once than allowed as overloaded', async () => {
    await raw.ask(hello(1))
    const peer = await site.connect()
    const threadId = await peer.startThread()
    const { length: before } = raw.replies
    const line = (id: number) =>
      `${JSON.stringify({ jsonrpc: '2.0', id, method: 'thread/read', params: { threadId } })}\n`
    const appServer = await site.appServerPid()
    process.kill(appServer, 'SIGSTOP')
    try {
      raw.socket.write(Array.from({ length: 40 }, (_, id) => line(id + 10)).join(''))
      await eventually('the others are refused', () => raw.replies.length === before + 32)
      const refused = raw.replies.slice(before).map(({ id, error }) => [id, error?.data.name])
      expect(refused).to.deep.equal(Array.from({ length: 32 }, (_, id) => [id + 18, 'overloaded']))
    } finally {
      process.kill(appServer, 'SIGCONT')
    }
    await eventually('the first are answered', () => raw.replies.length === before + 40)
    const answered = raw.replies.slice(before + 32).map(({ id, error }) => [id, error?.data.name])
    expect(answered).to.have.deep.members(Array.from({ length: 8 }, (_, id) => [id + 10, undefined]))
  })

  it('serves others while one floods it', async () => {
    const peer = await site.connect()
    const flood = '{"jsonrpc":"2.0","method":"nothing"}\n'.repeat(10_000)
    await raw.ask(hello(1))
    for (let round = 0; round < 5; round += 1) raw.socket.write(flood)
    expect(await peer.call('share/list', {})).to.have.property('threads')
  })

  it('listens on Unix sockets only, by the list of the running process', async () => {
    const peer = await site.connect()
    const { pid } = peer.hello
    const sockets = new Set<string>()
    for (const fd of readdirSync(`/proc/${pid}/fd`)) {
      const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`))?.[1]
      if (inode) sockets.add(inode)
    }
    const inodesIn = (table: string, column: number) =>
      readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
        .split('\n')
        .slice(1)
        .map((line) => line.trim().split(/\s+/)[column])
    const network = ['tcp', 'tcp6', 'udp', 'udp6', 'raw', 'raw6'].flatMap((table) => inodesIn(table, 9))
    const unix = inodesIn('unix', 6)
    expect(network.filter((inode) => inode && sockets.has(inode))).to.deep.equal([])
    expect(unix.filter((inode) => inode && sockets.has(inode)).length).to.be.greaterThan(1)
  })
})

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return '' // The descriptor was closed between the listing and the look.
  }
}
