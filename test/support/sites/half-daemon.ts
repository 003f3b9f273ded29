/** A daemon that is well until it is to open a thread, for the failures that a real one does not have on demand. */
import { createServer, type Server } from 'node:net'
import { createInterface } from 'node:readline'
import * as v from 'valibot'

const requestSchema = v.looseObject({ id: v.optional(v.number()), method: v.string() })

const hello = {
  userAgent: 'half-daemon/0',
  share: {
    protocol: 1,
    version: '0',
    pid: process.pid,
    peerId: 'p1',
    endpoint: 'unix:///half',
    runtimeDir: '/half',
    dataDir: '/half',
  },
}

const results: Readonly<Record<string, object>> = { initialize: hello, 'thread/loaded/list': { data: [] } }

const refusal = { code: -32012, message: 'the app-server is on strike', data: { name: 'unavailable', hint: 'Wait.' } }

/** `more` are further results by method, each read when it is asked for. */
export function startHalfDaemon(socket: string, more: Readonly<Record<string, object>> = {}): Promise<Server> {
  const server = createServer((connection) => {
    createInterface({ input: connection }).on('line', (line) => {
      const { id, method } = v.parse(requestSchema, JSON.parse(line))
      if (id === undefined) return
      const result = more[method] ?? results[method]
      const answer = result ? { result } : { error: refusal }
      connection.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...answer })}\n`)
    })
    connection.on('error', () => {})
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(socket, () => resolve(server))
  })
}
