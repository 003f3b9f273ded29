/** Whether somebody answers at a socket. Connecting and leaving again does nothing to whoever that is. */
import { connect } from 'node:net'

const connectMs = 1000

export function listens(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    const end = (alive: boolean) => {
      socket.destroy()
      resolve(alive)
    }
    socket.setTimeout(connectMs, () => end(false))
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
  })
}
