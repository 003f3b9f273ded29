/** A connection to `daemon.sock` as a sink of events: each is a notification of JSON-RPC. */
import type { LineForm } from '../../ledger/event-text.ts'
import type { Gap } from '../../protocol/events.ts'
import type { DaemonNotificationName } from '../../protocol/methods.ts'
import type { Channel } from '../../rpc/channel.ts'
import type { Guard } from '../../rpc/guard.ts'
import { notificationText } from '../../rpc/json-rpc.ts'
import type { EventSink } from '../publishing/event-sink.ts'

/** Clients cut the event out by this very beginning. */
const eventFrames: LineForm = { before: '{"jsonrpc":"2.0","method":"share/event","params":', after: '}\n' }

export class ChannelSink implements EventSink {
  readonly form = eventFrames
  readonly guard: Guard
  private readonly channel: Channel
  private readonly onCaughtUp: () => void

  /** `onCaughtUp` is called when the other side was told that it has all. */
  constructor(channel: Channel, onCaughtUp = () => {}) {
    this.channel = channel
    this.guard = channel.guard
    this.onCaughtUp = onCaughtUp
  }

  write(lines: Uint8Array): void {
    this.channel.sendLines(lines)
  }

  gap(gap: Gap): void {
    this.notify('share/gap', gap)
  }

  caughtUp(threadId: string, id: number): void {
    this.notify('share/caughtUp', { threadId, id })
    this.onCaughtUp()
  }

  get queuedBytes(): number {
    return this.channel.queuedBytes
  }

  onceDrained(callback: () => void): void {
    this.channel.onceDrained(callback)
  }

  private notify(method: DaemonNotificationName, params: object): void {
    this.channel.send(notificationText(method, params))
  }
}
