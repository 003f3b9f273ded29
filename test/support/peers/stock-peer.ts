/** A client on Codex's own wire: a WebSocket over a Unix socket, each message seen as it came. */
import { connect } from 'node:net'
import * as v from 'valibot'
import { WebSocket } from 'ws'
import { eventually } from '../waiting/eventually.ts'

export type Message = Readonly<Record<string, unknown>>

export interface StockPeer {
  /** Every frame that came, as text. */
  readonly frames: string[]
  readonly ws: WebSocket
  /** Sends a request and waits for its reply, `{result}` or `{error}`. */
  call(method: string, params: object): Promise<Message>
  send(text: string): void
  /** Starts a thread as the UI does and returns its id. */
  startThread(more?: object): Promise<string>
  prompt(threadId: string, text: string, more?: object): Promise<Message>
  /** The first notification or request of this method that came, and whose parameters have these members. */
  told(method: string, members?: object): Promise<Message>
  has(method: string, members?: object): Message | undefined
  readonly closed: boolean
  close(): void
}

export async function connectStockPeer(
  socketPath: string,
  path = '/rpc',
  capabilities = {},
  name = 'codex-tui',
): Promise<StockPeer> {
  const ws = new WebSocket(`ws://localhost${path}`, {
    createConnection: () => connect(socketPath),
    perMessageDeflate: false,
    maxPayload: 256 * 1024 * 1024,
  })
  const frames: string[] = []
  const messages: Message[] = []
  const waiting = new Map<unknown, (reply: Message) => void>()
  let closed = false
  let lastId = 0
  ws.on('message', (data) => {
    const text = String(data)
    frames.push(text)
    const message = v.parse(v.record(v.string(), v.unknown()), JSON.parse(text))
    if ('method' in message) messages.push(message)
    else waiting.get(message.id)?.(message)
  })
  ws.on('close', () => {
    closed = true
  })
  await new Promise<void>((resolve, reject) => {
    ws.once('open', resolve)
    ws.on('error', reject)
  })
  const call: StockPeer['call'] = (method, params) => {
    lastId += 1
    const id = lastId
    ws.send(JSON.stringify({ id, method, params }))
    return new Promise((resolve) => waiting.set(id, resolve))
  }
  const has: StockPeer['has'] = (method, members = {}) =>
    messages.find((message) => message.method === method && holds(message.params, members))
  await call('initialize', {
    clientInfo: { name, title: null, version: '0' },
    capabilities: { experimentalApi: true, requestAttestation: false, ...capabilities },
  })
  ws.send('{"method":"initialized"}')
  return {
    frames,
    ws,
    call,
    send: (text) => ws.send(text),
    startThread: async (more = {}) => {
      const { result } = await call('thread/start', { cwd: process.cwd(), ...more })
      return v.parse(v.object({ thread: v.object({ id: v.string() }) }), result).thread.id
    },
    prompt: (threadId, text, more = {}) =>
      call('turn/start', { threadId, input: [{ type: 'text', text, text_elements: [] }], ...more }),
    told: (method, members) => eventually(`${method} ${JSON.stringify(members)}`, () => has(method, members)),
    has,
    get closed() {
      return closed
    },
    close: () => ws.close(),
  }
}

/** Whether every member is there with this value, objects in it alike. */
function holds(value: unknown, members: object): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(members).every(([name, wanted]) => {
    const found: unknown = Reflect.get(value, name)
    return typeof wanted === 'object' && wanted !== null ? holds(found, wanted) : found === wanted
  })
}

/** The id of the turn that a `turn/start` was answered with. */
export function turnIdIn({ result }: Message): string {
  return v.parse(v.object({ turn: v.object({ id: v.string() }) }), result).turn.id
}
