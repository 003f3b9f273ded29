/** Refuses a connection to `codex.sock` in words: HTTP's answer to the first thing that it says, and then it ends. */
import type { Socket } from 'node:net'
import type { ShareError } from '../../protocol/errors.ts'

export function refuseUpgrade(socket: Socket, { message, hint }: Pick<ShareError, 'message' | 'hint'>): void {
  const body = Buffer.from(`${message}\n${hint}\n`)
  socket.once('data', () => {
    socket.write(
      'HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain; charset=utf-8\r\n' +
        `content-length: ${body.length}\r\nconnection: close\r\n\r\n`,
    )
    socket.write(body)
    socket.destroySoon()
  })
}
