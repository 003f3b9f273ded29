/** A channel over a pair of byte streams, such as a child process's stdin and stdout; framed like `daemon.sock`. */
import type { Readable, Writable } from 'node:stream'
import type { Channel, OnFrame } from './channel.ts'
import { unguarded } from './guard.ts'
import { LineFramer } from './line-framer.ts'

export interface StreamPair {
  readonly input: Readable
  readonly output: Writable
  /** Resolves with the reason once no more will come. */
  readonly ended: Promise<Error>
  /** Ends what is behind the streams. */
  readonly end: () => void
}

const largestFrameBytes = 16 * 1024 * 1024

export class StreamChannel implements Channel {
  readonly guard = unguarded
  private readonly streams: StreamPair
  private readonly framer: LineFramer
  private readonly closeCallbacks: ((reason: Error) => void)[] = []
  private frameCallback: OnFrame = () => {}
  private oversizeCallback: (bytes: number) => void = () => {}
  private reason: Error | undefined

  constructor(streams: StreamPair) {
    this.streams = streams
    this.framer = new LineFramer({
      maxBytes: largestFrameBytes,
      onFrame: (bytes, start, end) => this.frameCallback(bytes, start, end),
      onOversize: (bytes) => this.oversizeCallback(bytes),
    })
    streams.input.on('data', (bytes: Buffer) => this.framer.push(bytes))
    // What is written to an end that has gone: `ended` tells why.
    streams.output.on('error', () => {})
    void streams.ended.then((reason) => {
      this.reason = reason
      for (const callback of this.closeCallbacks) callback(reason)
    })
  }

  get queuedBytes(): number {
    return this.streams.output.writableLength
  }

  send(frame: string | Uint8Array): void {
    this.sendLines(typeof frame === 'string' ? Buffer.from(`${frame}\n`) : Buffer.concat([frame, Buffer.from('\n')]))
  }

  sendLines(lines: Uint8Array): void {
    if (this.streams.output.writable) this.streams.output.write(lines)
  }

  onceDrained(callback: () => void): void {
    if (this.streams.output.writableNeedDrain) this.streams.output.once('drain', callback)
    else setImmediate(callback)
  }

  pause(): void {
    this.streams.input.pause()
  }

  resume(): void {
    this.streams.input.resume()
  }

  onFrame(callback: OnFrame): void {
    this.frameCallback = callback
  }

  onOversize(callback: (bytes: number) => void): void {
    this.oversizeCallback = callback
  }

  onClose(callback: (reason: Error) => void): void {
    if (this.reason) callback(this.reason)
    else this.closeCallbacks.push(callback)
  }

  close(): void {
    this.streams.end()
  }
}
