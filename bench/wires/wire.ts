/** A connection that hands out messages where they lie in the read buffer, so that counting them costs next to nothing. */
import { connect, type Socket } from 'node:net'

/** A message is at `start` up to `end` of the bytes, and gone when the function returns. */
export type OnMessage = (bytes: Buffer, start: number, end: number) => void

export interface Wire {
  send(text: string): void
  /** Stops and resumes reading. */
  pause(): void
  resume(): void
  close(): void
}

const bufferBytes = 256 * 1024

/** Connects; `take` is given what has come and returns how much of it was whole messages. The rest is given again with what follows. */
export async function openSocket(
  path: string,
  take: (bytes: Buffer) => number,
): Promise<Omit<Wire, 'send'> & { write(data: string | Uint8Array): void }> {
  const buffer = Buffer.allocUnsafe(bufferBytes)
  let rest: Buffer | undefined
  const socket: Socket = connect({
    path,
    onread: {
      buffer,
      callback: (count) => {
        const came = buffer.subarray(0, count)
        const bytes = rest ? Buffer.concat([rest, came]) : came
        const taken = take(bytes)
        // A copy, as the buffer is about to be written over.
        rest = taken < bytes.length ? Buffer.from(bytes.subarray(taken)) : undefined
        return true
      },
    },
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  socket.on('error', () => socket.destroy())
  return {
    write: (data) => void socket.write(data),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    close: () => void socket.destroy(),
  }
}
