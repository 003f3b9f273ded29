/** The cheapest client of the app-server: WebSocket frames, read into one buffer that is used again and again. */
import { type OnMessage, openSocket, type Wire } from './wire.ts'

const upgrade = [
  'GET /rpc HTTP/1.1',
  'Host: localhost',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Key: Y29kZXgtc2hhcmUtYmVuYw==',
  'Sec-WebSocket-Version: 13',
  '\r\n',
].join('\r\n')
const endOfHead = '\r\n\r\n'
const [opText, opPing, opPong] = [1, 9, 10]

/** @throws Error when the server does not take the upgrade */
export async function openWebSocketWire(path: string, onMessage: OnMessage): Promise<Wire> {
  const { promise: upgraded, resolve, reject } = Promise.withResolvers<void>()
  let open = false
  const socket = await openSocket(path, (bytes) => {
    let at = 0
    if (!open) {
      const end = bytes.indexOf(endOfHead)
      if (end === -1) return 0
      open = bytes.toString('latin1', 0, 12) === 'HTTP/1.1 101'
      if (!open) reject(new Error(`no WebSocket at ${path}`))
      resolve()
      at = end + endOfHead.length
    }
    for (;;) {
      const start = payloadStart(bytes, at)
      if (start === undefined) return at
      const end = start + payloadLength(bytes, at)
      if (end > bytes.length) return at
      const op = (bytes[at] ?? 0) & 15
      if (op === opText) onMessage(bytes, start, end)
      else if (op === opPing) socket.write(frame(opPong, bytes.subarray(start, end)))
      at = end
    }
  })
  socket.write(upgrade)
  await upgraded
  return { ...socket, send: (text) => socket.write(frame(opText, Buffer.from(text))) }
}

/** Where the payload of the frame at `at` begins, or undefined while its head is not there. A server's frames are not masked. */
function payloadStart(bytes: Buffer, at: number): number | undefined {
  if (at + 2 > bytes.length) return undefined
  const short = (bytes[at + 1] ?? 0) & 127
  const start = at + (short === 126 ? 4 : short === 127 ? 10 : 2)
  return start > bytes.length ? undefined : start
}

function payloadLength(bytes: Buffer, at: number): number {
  const short = (bytes[at + 1] ?? 0) & 127
  if (short === 126) return bytes.readUInt16BE(at + 2)
  return short === 127 ? Number(bytes.readBigUInt64BE(at + 2)) : short
}

/** A client's frames must be masked; the mask of all zeros leaves the payload as it is. */
function frame(op: number, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(payload.length < 126 ? 6 : payload.length < 65_536 ? 8 : 14)
  head[0] = 0x80 | op
  if (payload.length < 126) head[1] = 0x80 | payload.length
  else if (payload.length < 65_536) {
    head[1] = 0x80 | 126
    head.writeUInt16BE(payload.length, 2)
  } else {
    head[1] = 0x80 | 127
    head.writeBigUInt64BE(BigInt(payload.length), 2)
  }
  return Buffer.concat([head, payload])
}
