/** A daemon that answers what a test tells it to, on a real socket: for what the real one does not do on demand. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Endpoint } from '../../../src/client/connection/endpoint.ts'
import { DaemonLink, type DaemonLinkOptions } from '../../../src/client/daemon-link.ts'
import type { Places } from '../../../src/platform/places/resolve-places.ts'
import { resolvePlaces } from '../../../src/platform/places/resolve-places.ts'
import { ShareError } from '../../../src/protocol/errors.ts'
import { createChannelServer } from '../../../src/rpc/node-ipc-channel.ts'
import { RpcPeer } from '../../../src/rpc/rpc-peer.ts'

export interface Connection {
  readonly rpc: RpcPeer
  /** Sends one event of the thread. */
  sendEvent(id: number, more?: object): void
  notify(method: string, params: object): void
}

type Answer = (params: Record<string, unknown>, connection: Connection) => unknown

export interface ScriptedDaemon {
  readonly places: Places
  readonly endpoint: Endpoint
  /** Every request that came, `initialize` aside. */
  readonly asked: { readonly method: string; readonly params: Record<string, unknown> }[]
  /** Replaces the answer to a method, for requests that come from now on. */
  on(method: string, answer: Answer): void
  /** How often somebody connected. */
  readonly connections: number
  link(options?: Partial<DaemonLinkOptions>): DaemonLink
  /** Cuts every connection. */
  cut(): void
  /** Stops listening, as a daemon that was killed: its socket stays behind. */
  die(): void
  /** Listens again, after `die` or `leave`. */
  listen(): Promise<void>
  /** Stops listening and takes its socket away, as a daemon that was stopped. */
  leave(): Promise<void>
  close(): Promise<void>
}

export const threadId = 'thread-1'

export async function startScriptedDaemon(): Promise<ScriptedDaemon> {
  const folder = mkdtempSync(join(tmpdir(), 'codex-share-client-'))
  const places = resolvePlaces({ CODEX_SHARE_RUNTIME_DIR: join(folder, 'run') })
  const answers = new Map<string, Answer>()
  const asked: ScriptedDaemon['asked'] = []
  const channels = createChannelServer()
  const sockets = new Set<Socket>()
  const links: DaemonLink[] = []
  let connections = 0
  let server: Server | undefined

  const hello = () => ({
    userAgent: 'scripted',
    share: {
      protocol: 1,
      version: '9.9.9',
      pid: process.pid,
      peerId: 'p1',
      endpoint: `unix://${places.daemonSocket}`,
      runtimeDir: places.runtimeDir,
      dataDir: places.dataDir,
    },
  })
  answers.set('initialize', hello)
  answers.set('share/unsubscribe', () => ({}))
  answers.set('share/subscribe', () => ({ head: 0, turn: null }))

  const welcome = (socket: Socket) => {
    connections += 1
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    const channel = channels.adopt(socket)
    const rpc: RpcPeer = new RpcPeer(channel, {
      onRequest: (method, given) => {
        const params = given as Record<string, unknown>
        if (method !== 'initialize') asked.push({ method, params })
        const answer = answers.get(method)
        if (!answer) throw new ShareError('methodNotFound', method)
        return answer(params, connection)
      },
    })
    const connection: Connection = {
      rpc,
      sendEvent: (id, more) => channel.send(`{"jsonrpc":"2.0","method":"share/event","params":${eventText(id, more)}}`),
      notify: (method, params) => rpc.notify(method, params),
    }
  }
  const listen = () => {
    server = createServer(welcome)
    // A socket that was left behind is replaced, as the daemon does it.
    rmSync(places.daemonSocket, { force: true })
    return new Promise<void>((resolve) => server?.listen(places.daemonSocket, resolve))
  }
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  const leave = () =>
    new Promise<void>((resolve) => {
      server?.close(() => resolve())
      cut()
    })
  await listen()
  return {
    places,
    endpoint: { kind: 'given', path: places.daemonSocket },
    asked,
    on: (method, answer) => answers.set(method, answer),
    get connections() {
      return connections
    },
    link(options = {}) {
      const made = new DaemonLink({
        endpoint: { kind: 'given', path: places.daemonSocket },
        identity: { kind: 'script', label: 'test' },
        notice: () => {},
        ...options,
      })
      links.push(made)
      return made
    },
    cut,
    die() {
      server?.close()
      cut()
    },
    listen,
    leave,
    async close() {
      for (const link of links) link.close()
      await leave()
      void channels.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export function eventText(id: number, more: object = {}): string {
  const event = {
    id,
    threadId,
    turnId: 'turn-1',
    at: '2026-11-22T00:00:00.000Z',
    method: 'warning',
    params: {},
    by: null,
  }
  return JSON.stringify({ ...event, ...more })
}

export function turnCompleted(status: string, error: object | null = null): object {
  return { method: 'turn/completed', params: { turn: { id: 'turn-1', status, error } } }
}

export const runningTurn = {
  threadId,
  turnId: 'turn-0',
  startedAt: '2026-11-22T00:00:00.000Z',
  by: { label: 'ada', kind: 'ui', pid: 7 },
  waitingOnApproval: false,
}

/** The error that a promise ends in. */
export async function errorOf(promise: Promise<unknown>): Promise<ShareError> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => error,
  )
  if (outcome instanceof ShareError) return outcome
  throw new Error(`no ShareError but ${JSON.stringify(outcome)}`)
}
