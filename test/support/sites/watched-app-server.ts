/** The real app-server behind a pass-through in this process, where the daemon looks for it: what it sends on each link is seen, and can be held up. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { WebSocket, WebSocketServer } from 'ws'
import { findCodex } from '../../../src/codex/binary/find-codex.ts'
import { isListening } from '../../../src/codex/process/wait-until-listening.ts'
import { eventually } from '../waiting/eventually.ts'
import { endProcess, type TestSite } from './daemon-process.ts'

/** One direction of a link. */
export interface Gate {
  /** Every frame that came to it. */
  readonly came: readonly string[]
  /** From the next frame on that this text is in, nothing passes before `release`. */
  holdFrom(text: string): void
  readonly isHolding: boolean
  release(): void
  /** From now on each frame passes as this makes it. */
  rewrite(change: (text: string) => string): void
}

export interface WatchedLink {
  /** From the app-server. */
  readonly sent: Gate
  /** To the app-server. */
  readonly asked: Gate
  cut(): void
}

export interface WatchedAppServer {
  /** Past the pass-through. */
  readonly socketPath: string
  /** In the order in which they came. */
  readonly links: readonly WatchedLink[]
  close(): Promise<void>
}

export async function startWatchedAppServer(site: TestSite): Promise<WatchedAppServer> {
  const socketPath = join(site.runtimeDir, 'real.sock')
  const codex = await findCodex({ env: {}, packageFrom: import.meta.url, cwd: site.dir })
  const args = [...codex.args, 'app-server', '--listen', `unix://${socketPath}`]
  const child: ChildProcess = spawn(codex.path, args, { env: { ...site.env, ...codex.env }, stdio: 'ignore' })
  await eventually('the app-server listens', () => isListening(socketPath, AbortSignal.timeout(1000)))
  const links: WatchedLink[] = []
  const server = createServer()
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false })
  server.on('upgrade', (request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, (ws) => links.push(passThrough(ws, socketPath))),
  )
  await new Promise<void>((resolve) => server.listen(join(site.runtimeDir, 'app-server.sock'), resolve))
  return {
    socketPath,
    links,
    close: async () => {
      for (const link of links) link.cut()
      server.close()
      await endProcess(child)
    },
  }
}

function passThrough(ws: WebSocket, socketPath: string): WatchedLink {
  const upstream = new WebSocket('ws://localhost/rpc', {
    createConnection: () => connect(socketPath),
    perMessageDeflate: false,
  })
  const sent = makeGate((text) => ws.send(text))
  const asked = makeGate((text) => upstream.send(text))
  asked.holdFrom('')
  ws.on('message', (data) => asked.push(String(data)))
  upstream.on('open', () => asked.release())
  upstream.on('message', (data) => sent.push(String(data)))
  ws.on('close', () => upstream.close())
  upstream.on('close', () => ws.close())
  upstream.on('error', () => ws.close())
  return { sent, asked, cut: () => ws.terminate() }
}

function makeGate(pass: (text: string) => void): Gate & { push(text: string): void } {
  const came: string[] = []
  let mark: string | undefined
  let held: string[] | undefined
  let change = (text: string) => text
  return {
    came,
    rewrite: (how) => {
      change = how
    },
    push: (frame) => {
      const text = change(frame)
      came.push(text)
      if (mark !== undefined && text.includes(mark)) [held, mark] = [[], undefined]
      if (held) held.push(text)
      else pass(text)
    },
    holdFrom: (text) => {
      mark = text
    },
    get isHolding() {
      return held !== undefined
    },
    release: () => {
      mark = undefined
      for (const text of held ?? []) pass(text)
      held = undefined
    },
  }
}
