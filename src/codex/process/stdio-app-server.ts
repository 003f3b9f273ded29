/** A private app-server as a child on pipes: it belongs to this process alone, and ends with it. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { isDoneWithin } from '../../platform/time/within.ts'
import type { CodexCommand } from '../binary/npm-launcher.ts'
import type { AppServerSocket, LinkEnd } from '../link/app-server-socket.ts'
import { type AppServerLink, initializeAppServer } from '../link/initialize-app-server.ts'
import { openUpstreamChannel, type SocketHandlers, type UpstreamHandlers } from '../link/upstream-channel.ts'
import { startFailure } from './start-failure.ts'
import { untilEnded } from './until-ended.ts'

export interface StdioAppServerOptions extends UpstreamHandlers {
  readonly codex: CodexCommand
  readonly client: { readonly name: string; readonly version: string }
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
  /** Milliseconds until it must have answered `initialize`; 20 s by default. */
  readonly timeoutMs?: number
}

export interface StdioAppServer {
  readonly link: AppServerLink
  /** Resolves when the process has ended, for whatever reason, with its last words for people. */
  readonly ended: Promise<string>
  /** Ends it in bounded steps and resolves when it is gone: the threads it had are free for others then. */
  stop(): Promise<void>
}

const lastWordsBytes = 8 * 1024
const stepMs = 2000

/** @throws ShareError `unavailable` with its last words when it does not come up; no process of it is left then */
export async function startStdioAppServer(options: StdioAppServerOptions): Promise<StdioAppServer> {
  const { codex, client, env, cwd, timeoutMs = 20_000, onNotification, onRequest } = options
  const child = spawn(codex.path, [...codex.args, 'app-server'], {
    cwd,
    env: { ...env, ...codex.env },
    // A session of its own: keys and hang-ups of our terminal are ours to handle, and it ends with its stdin anyway.
    detached: true,
    stdio: 'pipe',
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-lastWordsBytes)
  })
  const ended = untilEnded(child)
  const stop = () => stopChild(child, ended)
  try {
    const connect = async (handlers: SocketHandlers) => pipesOf(child, ended, handlers)
    const channel = await openUpstreamChannel({ connect, pongTimeoutMs: 5000, onNotification, onRequest })
    const link = await initializeAppServer(channel, { client, timeoutMs })
    return { link, ended, stop }
  } catch (cause) {
    await stop()
    throw startFailure({
      path: codex.path,
      logPath: 'its stderr',
      what: await ended,
      lines: said.split('\n').filter((line) => line.trim() !== ''),
      cause,
    })
  }
}

function pipesOf(
  child: ChildProcessWithoutNullStreams,
  ended: Promise<string>,
  { onText, onAlive, onEnd }: SocketHandlers,
): AppServerSocket {
  let over = false
  const end = (reason: LinkEnd) => {
    if (over) return
    over = true
    onEnd(reason)
  }
  let rest = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    onAlive()
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (!over && line !== '') onText(line)
  })
  // A write to a child that has ended: its end is told by `ended`.
  child.stdin.on('error', () => {})
  void ended.then((message) => end({ why: 'lost', message }))
  return {
    send: (text, onSent) => {
      child.stdin.write(`${text}\n`, (error) => {
        if (!error) onSent()
      })
    },
    // A child that hangs cannot be told from one that works: its end is always seen, so that is what is waited for.
    ping: onAlive,
    end,
  }
}

/** The end of its input is how a stdio app-server is asked to leave; signals follow for one that does not. */
async function stopChild(child: ChildProcessWithoutNullStreams, ended: Promise<string>): Promise<void> {
  child.stdin.end()
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (await isDoneWithin(stepMs, ended)) return
    child.kill(signal)
  }
  await ended
}
