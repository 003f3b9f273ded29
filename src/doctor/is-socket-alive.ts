/** Finds out whether somebody answers at a socket. Connecting and leaving again does no harm there. */
import { connect } from 'node:net'
import { awakeTimeout } from '../platform/time/awake-clock.ts'

const connectMs = 1000

export function isSocketAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    const end = (alive: boolean) => {
      late.clear()
      socket.destroy()
      resolve(alive)
    }
    const late = awakeTimeout(() => end(false), connectMs)
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
  })
}
