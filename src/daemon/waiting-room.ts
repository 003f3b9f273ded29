/** Where connections wait that came before anybody can serve them: they are accepted at once and not refused. */
import type { Socket } from 'node:net'

export class WaitingRoom {
  private readonly waiting: Socket[] = []
  private handle = (socket: Socket): void => {
    this.waiting.push(socket)
  }

  readonly receive = (socket: Socket): void => this.handle(socket)

  /** Gives those who wait and all that will come to `serve`. */
  serve(serve: (socket: Socket) => void): void {
    this.handle = serve
    for (const socket of this.waiting.splice(0)) serve(socket)
  }

  /** Sends those away who were never served. */
  dismiss(): void {
    for (const socket of this.waiting.splice(0)) socket.destroy()
  }
}
