/** Tries a daemon's socket once, and distinguishes the ways in which nobody can be there. */
import type { Channel } from '../../rpc/channel.ts'
import { connectSocket } from '../../rpc/node-ipc-channel.ts'

/**
 * `absent`: there is no socket; `dead`: there is one that nobody listens on; `crowded`: somebody does, and cannot take more just now;
 * `trouble`: anything else, such as no permission.
 */
export type Probe =
  | { readonly state: 'open'; readonly channel: Channel }
  | { readonly state: 'absent' | 'dead' | 'crowded' | 'trouble'; readonly error: NodeJS.ErrnoException }

const connectMs = 3000

export async function probeSocket(path: string): Promise<Probe> {
  try {
    return { state: 'open', channel: await connectSocket(path, { timeoutMs: connectMs }) }
  } catch (cause) {
    const error: NodeJS.ErrnoException = cause instanceof Error ? cause : new Error(String(cause))
    return { state: states[error.code ?? ''] ?? 'trouble', error }
  }
}

const states: Readonly<Record<string, 'absent' | 'dead' | 'crowded'>> = {
  ENOENT: 'absent',
  ECONNREFUSED: 'dead',
  // Who listened went away with us waiting.
  ECONNRESET: 'dead',
  ENOTSOCK: 'dead',
  EAGAIN: 'crowded',
}
