/** A transport in four verbs, framed: send, on frame, on close with a reason, close. */
import { type Guard, unguarded } from './guard.ts'

/** Takes the frame that is `bytes[start]` up to, and without, `bytes[end]`: for a flood of them, a Buffer each is what costs most. */
export type OnFrame = (bytes: Buffer, start: number, end: number) => void

export interface Channel {
  /** What is done for this connection later, by a timer or for others first, is to be run by it as its own events are. */
  readonly guard: Guard
  /** Queues one frame, without its line end. A closed channel ignores it: `onClose` has told. */
  send(frame: string | Uint8Array): void
  /** Queues whole frames that already carry their line ends, as one write. */
  sendLines(lines: Uint8Array): void
  /** Bytes that wait for the other side to read. */
  readonly queuedBytes: number
  /** Calls back once, when there is room for more. */
  onceDrained(callback: () => void): void
  /** Stops or resumes taking frames, so that a peer that does not read its answers cannot ask for more. */
  pause(): void
  resume(): void
  onFrame(callback: OnFrame): void
  /** Called when a frame was larger than allowed; the frame itself is skipped. */
  onOversize(callback: (bytes: number) => void): void
  onClose(callback: (reason: Error) => void): void
  close(): void
}

class MemoryChannel implements Channel {
  readonly guard = unguarded
  other: MemoryChannel | undefined
  readonly queuedBytes = 0
  private frameCallback: OnFrame = () => {}
  private readonly closeCallbacks: ((reason: Error) => void)[] = []
  private closed = false

  send(frame: string | Uint8Array): void {
    const bytes = typeof frame === 'string' ? Buffer.from(frame) : Buffer.from(frame)
    queueMicrotask(() => {
      if (!this.closed) this.other?.frameCallback(bytes, 0, bytes.length)
    })
  }

  sendLines(lines: Uint8Array): void {
    for (const line of Buffer.from(lines).toString('utf8').split('\n')) if (line !== '') this.send(line)
  }

  onceDrained(callback: () => void): void {
    queueMicrotask(callback)
  }

  pause(): void {}
  resume(): void {}

  onFrame(callback: OnFrame): void {
    this.frameCallback = callback
  }

  onOversize(): void {}

  onClose(callback: (reason: Error) => void): void {
    this.closeCallbacks.push(callback)
  }

  close(): void {
    if (this.closed) return
    this.closed = true
    for (const callback of this.closeCallbacks) callback(new Error('the channel was closed'))
    queueMicrotask(() => this.other?.close())
  }
}

/** Two channels joined in memory, for tests: what one sends the other gets. */
export function channelPair(): [Channel, Channel] {
  const [left, right] = [new MemoryChannel(), new MemoryChannel()]
  left.other = right
  right.other = left
  return [left, right]
}
