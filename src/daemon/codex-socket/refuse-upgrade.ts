/** Refuses a connection to `codex.sock` in words: HTTP's answer to the first thing that it says, and then it ends. */
import type { Socket } from 'node:net'
import type { ShareError } from '../../protocol/errors.ts'

export function refuseUpgrade(socket: Socket, { message, hint }: Pick<ShareError, 'message' | 'hint'>): void {
  const body = `${message}\n${hint}\n`
  const head =
    'HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain; charset=utf-8\r\n' +
    `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n`
  socket.once('data', () => {
    socket.write(head + body)
    socket.destroySoon()
  })
}
