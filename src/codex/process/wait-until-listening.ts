/** Waits until somebody accepts connections on a Unix socket. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

const betweenTriesMs = 15

/**
 * Tries again and again until a connection is accepted (and closed at once).
 *
 * @throws the abort reason of `signal`, which is the caller's deadline too; the system's error when waiting cannot help (EACCES)
 */
export async function waitUntilListening(socketPath: string, signal: AbortSignal): Promise<void> {
  while (!(await isListening(socketPath, signal))) await delay(betweenTriesMs, undefined, { signal })
}

/** Whether a connection is accepted now. A path that is not there, or whose owner died, is a no and not an error. */
export async function isListening(socketPath: string, signal: AbortSignal): Promise<boolean> {
  const socket = connect(socketPath)
  try {
    await once(socket, 'connect', { signal })
    return true
  } catch (error) {
    // Reset: who listened went away with us waiting.
    if (isNobodyThere(error) || hasCode(error, 'ECONNRESET')) return false
    throw error
  } finally {
    socket.destroy()
  }
}

/** Whether a connection failed because nobody listens: only then is it right to start somebody who does. */
export function isNobodyThere(error: unknown): boolean {
  return hasCode(error, 'ENOENT') || hasCode(error, 'ECONNREFUSED')
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
