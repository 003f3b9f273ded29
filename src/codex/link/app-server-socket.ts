/** A WebSocket to the app-server over its Unix socket: text frames both ways, and one reason when it ends. */
import { connect, type Socket } from 'node:net'
import { WebSocket } from 'ws'
import { awakeTimeout } from '../../platform/time/awake-clock.ts'
import { daemonHeader } from '../../protocol/version.ts'

/**
 * Why a link ended.
 *
 * - `closed`: we closed it.
 * - `lost`: the app-server closed it, or died.
 * - `tooLarge`: a frame larger than the limit came.
 * - `garbage`: a frame came that is no message.
 * - `silent`: a request was not answered and neither was a ping.
 * - `handlerFailed`: our own handler threw; going on would lose what it was given.
 */
export interface LinkEnd {
  readonly why: 'closed' | 'lost' | 'tooLarge' | 'garbage' | 'silent' | 'handlerFailed'
  /** For people and logs. */
  readonly message: string
  readonly cause?: unknown
}

export interface AppServerSocketOptions {
  readonly socketPath: string
  /** Milliseconds until the connection is given up. */
  readonly timeoutMs: number
  /** Gives the connecting up. */
  readonly signal?: AbortSignal | undefined
  /** Called for each text frame, in order, while nothing is awaited: reading never waits for anybody. */
  readonly onText: (text: string) => void
  /** Called for every sign of life, pongs included. */
  readonly onAlive: () => void
  /** Called once, when no more frames will come; also when the connection never came to be. */
  readonly onEnd: (end: LinkEnd) => void
}

export interface AppServerSocket {
  /** Sends one text frame; `onSent` is called once the kernel has all of it, and never if it did not get there. */
  send(text: string, onSent: () => void): void
  ping(): void
  /** Ends the connection for this reason, at once; frames already sent still go out. */
  end(end: LinkEnd): void
}

/** It is the daemon that listens there, in front of an app-server: through it nobody gets to another one. */
export class DaemonThereError extends Error {
  constructor() {
    super('a daemon of codex-share listens there, and no app-server')
  }
}

/** Far above any message seen, far below what would hurt: one frame is held in memory twice, as bytes and as text. */
const largestFrameBytes = 64 * 1024 * 1024
const closeGraceMs = 500

/**
 * Connects to an app-server that listens.
 *
 * @throws Error with the system's `code` (ENOENT, ECONNREFUSED, …) when nobody listens, or the WebSocket's own when refused;
 * `DaemonThereError`
 */
export async function connectAppServerSocket(options: AppServerSocketOptions): Promise<AppServerSocket> {
  const { socketPath, timeoutMs, signal, onText, onAlive, onEnd } = options
  signal?.throwIfAborted()
  // Not `ws+unix:`, whose path cannot hold a colon, a question mark or a space.
  const ws = new WebSocket('ws://localhost/rpc', {
    createConnection: () => oneReadAtATime(connect(socketPath)),
    perMessageDeflate: false,
    maxPayload: largestFrameBytes,
  })
  let ended = false
  let failure: Error | undefined
  const end = (reason: LinkEnd) => {
    if (ended) return
    ended = true
    ws.close()
    awakeTimeout(() => ws.terminate(), closeGraceMs).unref()
    onEnd(reason)
  }
  ws.on('message', (data, isBinary) => {
    if (ended) return
    onAlive()
    if (isBinary || !Buffer.isBuffer(data)) end({ why: 'garbage', message: 'a binary frame came' })
    else onText(data.toString('utf8'))
  })
  ws.on('pong', onAlive)
  ws.on('close', (code) => end(endOf(code, failure)))
  const giveUp = () => ws.terminate()
  ws.on('upgrade', ({ headers }) => {
    if (headers[daemonHeader] === undefined) return
    failure = new DaemonThereError()
    giveUp()
  })
  // Not the WebSocket's own time limit: it runs during a sleep.
  const late = awakeTimeout(() => {
    failure = new Error(`no WebSocket within ${timeoutMs / 1000} s`)
    giveUp()
  }, timeoutMs)
  signal?.addEventListener('abort', giveUp, { once: true })
  await new Promise<void>((resolve, reject) => {
    ws.once('open', resolve)
    ws.on('error', (error) => {
      failure ??= error
      reject(failure)
    })
  }).finally(() => {
    late.clear()
    signal?.removeEventListener('abort', giveUp)
  })
  return {
    send: (text, onSent) =>
      ws.send(text, (error) => {
        if (!error) onSent()
      }),
    ping: () => ws.ping(),
    end,
  }
}

/** What one read of the system gives at most. */
const fullReadBytes = 65_536

/**
 * In a flood Node reads up to 32 times before it looks at anything else: followers would not be written to, and requests not be
 * answered, for a tenth of a second. After a full read everybody else has their turn first.
 */
function oneReadAtATime(socket: Socket): Socket {
  return socket.on('data', (bytes: Buffer) => {
    if (bytes.length < fullReadBytes) return
    socket.pause()
    setImmediate(() => socket.resume())
  })
}

function endOf(code: number, failure: Error | undefined): LinkEnd {
  if (failure === undefined) return { why: 'lost', message: `the connection closed (WebSocket code ${code})` }
  const tooLarge = 'code' in failure && failure.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH'
  const message = tooLarge ? `a frame of more than ${largestFrameBytes / 2 ** 20} MiB came` : failure.message
  const garbage = 'code' in failure && String(failure.code).startsWith('WS_ERR_')
  return { why: tooLarge ? 'tooLarge' : garbage ? 'garbage' : 'lost', message, cause: failure }
}
