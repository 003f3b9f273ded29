/** Requests that no WebSocket client makes, up to bytes that are no HTTP at all. */
import type { Chance } from '../chance.ts'

const targets = [
  '//',
  '///',
  '//[',
  '/\\\\[',
  'http://[',
  'http://a:99999/',
  '*',
  '/%',
  '/rpc/../..',
  '/?',
  '#',
  '',
  '/\u00e9',
  'ws://x/rpc',
]
const rightKey = 'AAAAAAAAAAAAAAAAAAAAAA=='

/** What makes a connection a WebSocket. */
export const upgradeRequest = request('/rpc', [])

export function oddHttp(chance: Chance): Buffer {
  return chance.pick(kinds)(chance)
}

const kinds: readonly ((chance: Chance) => Buffer)[] = [
  (chance) => chance.bytes(chance.pick([1, 20, 3000])),
  (chance) => request(chance.pick(targets), []),
  (chance) => request(chance.pick(targets), [`X: ${'y'.repeat(chance.pick([100, 20_000, 200_000]))}`]),
  (chance) =>
    request(
      '/rpc',
      chance.times(chance.pick([10, 3000]), () => `X-${chance.below(100)}: 1`),
    ),
  (chance) =>
    request('/rpc', [], { key: chance.pick(['', 'x', 'A'.repeat(5000), 'AAAA\u00ff', '=', rightKey.slice(1)]) }),
  (chance) => request('/rpc', [], { version: chance.pick(['', '0', '12', '14', 'x', '13, 13', '-1']) }),
  (chance) =>
    request('/rpc', [], { upgrade: chance.pick(['h2c', 'websocket, h2c', '', 'WEBSOCKET', 'x'.repeat(9000)]) }),
  (chance) => request('/rpc', [], { method: chance.pick(['POST', 'CONNECT', 'PUT', 'OPTIONS', 'BREW', 'get', 'PRI']) }),
  (chance) => request('/rpc', [chance.pick(extensions)]),
  (chance) => request('/rpc', [chance.pick(bodies)]),
  (chance) => upgradeRequest.subarray(0, chance.below(upgradeRequest.length)),
  // Several at once, of which the first is answered and the others may be anything.
  (chance) => Buffer.concat(chance.times(3, () => chance.pick([upgradeRequest, request('//', []), plain(chance)]))),
  (chance) => plain(chance),
  (chance) => scattered(chance),
]

const extensions = [
  'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=99',
  'Sec-WebSocket-Extensions: ,,,;;=',
  `Sec-WebSocket-Extensions: ${'a;'.repeat(3000)}`,
  'Sec-WebSocket-Protocol: ,',
  'Sec-WebSocket-Protocol: a, a',
  'Origin: null',
  'Expect: 100-continue',
  'Expect: nonsense',
]
const bodies = [
  'Content-Length: 99999999999999999999',
  'Content-Length: -1',
  'Content-Length: 5\r\nContent-Length: 6',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: chunked\r\nContent-Length: 3',
  'Transfer-Encoding: gzip, chunked',
]

/** A request that asks for nothing of ours. */
function plain(chance: Chance): Buffer {
  const target = chance.pick(['/', '/readyz', ...targets])
  return Buffer.from(`GET ${target} HTTP/1.${chance.below(3)}\r\nHost: x\r\n\r\n`)
}

/** The right request with one of its bytes changed. */
function scattered(chance: Chance): Buffer {
  const bytes = Buffer.from(upgradeRequest)
  bytes[chance.below(bytes.length)] = chance.below(256)
  return bytes
}

interface RequestParts {
  readonly method?: string
  readonly key?: string
  readonly version?: string
  readonly upgrade?: string
}

function request(
  target: string,
  more: readonly string[],
  { method = 'GET', key = rightKey, version = '13', upgrade = 'websocket' }: RequestParts = {},
): Buffer {
  const lines = [
    `${method} ${target} HTTP/1.1`,
    'Host: localhost',
    'Connection: Upgrade',
    `Upgrade: ${upgrade}`,
    `Sec-WebSocket-Key: ${key}`,
    `Sec-WebSocket-Version: ${version}`,
    ...more,
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
}
