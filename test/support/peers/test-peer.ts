/** A peer on `daemon.sock` that keeps all it is told. */

import * as v from 'valibot'
import type { ShareEvent } from '../../../src/protocol/events.ts'
import { turnStartedSchema } from '../../../src/protocol/methods.ts'
import type { Channel } from '../../../src/rpc/channel.ts'
import { connectSocket } from '../../../src/rpc/node-ipc-channel.ts'
import { RpcPeer } from '../../../src/rpc/rpc-peer.ts'
import { eventually } from '../waiting/eventually.ts'

export interface TestPeerOptions {
  readonly label?: string
  readonly readOnly?: boolean
  readonly answers?: boolean
  readonly codexHome?: string
}

export interface TestPeer {
  readonly hello: { readonly pid: number; readonly peerId: string }
  readonly events: ShareEvent[]
  readonly told: { method: string; params: unknown }[]
  call(method: string, params: object, options?: { timeoutMs?: number }): Promise<Record<string, unknown>>
  /** Starts a shared thread and returns its id. */
  startThread(name?: string, cwd?: string): Promise<string>
  submit(threadId: string, text: string, requestId?: string): Promise<v.InferOutput<typeof turnStartedSchema>>
  follow(threadId: string, after?: number): Promise<void>
  /** Waits for the end of this turn, and returns its status. */
  turnEnd(turnId: string): Promise<string>
  readonly closed: boolean
  close(): void
}

export async function connectTestPeer(socket: string, options: TestPeerOptions = {}): Promise<TestPeer> {
  return introduceTestPeer(await connectSocket(socket, { timeoutMs: 5000 }), options)
}

/** Says `initialize` on a channel that stands. */
export async function introduceTestPeer(channel: Channel, options: TestPeerOptions = {}): Promise<TestPeer> {
  const events: ShareEvent[] = []
  const told: TestPeer['told'] = []
  const rpc = new RpcPeer(channel, {
    onNotification: (method, params) => {
      if (method === 'share/event') events.push(params as ShareEvent)
      else told.push({ method, params })
    },
  })
  let closed = false
  rpc.onClose(() => {
    closed = true
  })
  const call: TestPeer['call'] = async (method, params, more) =>
    v.parse(v.record(v.string(), v.unknown()), await rpc.request(method, params, more))
  const { label = 'test', readOnly = false, answers = false, codexHome } = options
  const { share } = await call('initialize', {
    clientInfo: { name: 'test', version: '0' },
    share: { protocol: { min: 1, max: 1 }, kind: 'script', label, pid: process.pid, readOnly, answers, codexHome },
  })
  return {
    hello: v.parse(v.object({ pid: v.number(), peerId: v.string() }), share),
    events,
    told,
    call,
    startThread: async (name, cwd = process.cwd()) => {
      const { thread } = await call('share/open', { cwd, ...(name ? { name } : {}) })
      return v.parse(v.object({ threadId: v.string() }), thread).threadId
    },
    submit: async (threadId, text, requestId) => {
      const input = [{ type: 'text', text, text_elements: [] }]
      const id = requestId === undefined ? {} : { clientUserMessageId: requestId }
      return v.parse(turnStartedSchema, await call('turn/start', { threadId, input, ...id }))
    },
    follow: async (threadId, after) => {
      await call('share/subscribe', { threadId, ...(after === undefined ? {} : { after }) })
    },
    turnEnd: async (turnId) => {
      const end = await eventually(`turn ${turnId} ends`, () =>
        events.find(({ method, turnId: id }) => method === 'turn/completed' && id === turnId),
      )
      return v.parse(v.object({ turn: v.object({ status: v.string() }) }), end.params).turn.status
    },
    get closed() {
      return closed
    },
    close: () => rpc.close(),
  }
}
