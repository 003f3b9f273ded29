/** Where connections wait that came before anybody can serve them: they are accepted at once and not refused. */
import type { Socket } from 'node:net'

export class WaitingRoom {
  private readonly waiting: Socket[] = []
  private handle = (socket: Socket): void => {
    // One that is reset while it waits ends itself; nobody else listens for that yet.
    socket.on('error', () => {})
    this.waiting.push(socket)
  }

  readonly receive = (socket: Socket): void => this.handle(socket)

  /** Gives those who still wait and all that will come to `serve`: one that has left would never be seen to leave again. */
  serve(serve: (socket: Socket) => void): void {
    this.handle = serve
    for (const socket of this.waiting.splice(0)) if (!socket.destroyed) serve(socket)
  }

  /** Sends those away who were never served. */
  dismiss(): void {
    for (const socket of this.waiting.splice(0)) socket.destroy()
  }
}
