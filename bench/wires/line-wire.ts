/** The cheapest client of `daemon.sock`: lines in, lines out, read into one buffer that is used again and again. */
import { type OnMessage, openSocket, type Wire } from './wire.ts'

const LF = 0x0a

export async function openLineWire(path: string, onMessage: OnMessage): Promise<Wire> {
  const socket = await openSocket(path, (bytes) => {
    let start = 0
    for (let end = bytes.indexOf(LF); end !== -1; end = bytes.indexOf(LF, start)) {
      onMessage(bytes, start, end)
      start = end + 1
    }
    return start
  })
  return { ...socket, send: (text) => socket.write(`${text}\n`) }
}
