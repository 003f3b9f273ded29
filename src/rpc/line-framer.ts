/** Cuts a byte stream into frames at LF. Bytes stay bytes until a whole frame is there, so nothing is decoded twice or halfway. */
import type { OnFrame } from './channel.ts'

const LF = 0x0a

export interface LineFramerOptions {
  /** The largest frame in bytes, without its LF. */
  readonly maxBytes: number
  readonly onFrame: OnFrame
  /** A frame grew past the limit; what is left of it is skipped up to its LF. */
  readonly onOversize: (bytes: number) => void
}

export class LineFramer {
  /** A list and not one growing buffer: joining on every chunk costs seconds on a 32 MiB frame. */
  private chunks: Buffer[] = []
  private pendingBytes = 0
  private skipping = false
  private readonly options: LineFramerOptions

  constructor(options: LineFramerOptions) {
    this.options = options
  }

  /** True while a frame has begun and its LF has not come. */
  get unfinished(): boolean {
    return this.pendingBytes > 0 || this.skipping
  }

  push(chunk: Buffer): void {
    let start = 0
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, start)) {
      this.finish(chunk, start, end)
      start = end + 1
    }
    if (start < chunk.length) this.keep(chunk.subarray(start))
  }

  private keep(bytes: Buffer): void {
    if (this.skipping) return
    this.pendingBytes += bytes.length
    if (this.pendingBytes > this.options.maxBytes) this.skip()
    else if (bytes.length > 0) this.chunks.push(bytes)
  }

  private finish(chunk: Buffer, start: number, end: number): void {
    const isWhole = this.pendingBytes === 0 && !this.skipping && end - start <= this.options.maxBytes
    if (isWhole) {
      if (start < end) this.options.onFrame(chunk, start, end)
      return
    }
    this.keep(chunk.subarray(start, end))
    const frame = this.skipping ? undefined : Buffer.concat(this.chunks)
    this.chunks = []
    this.pendingBytes = 0
    this.skipping = false
    if (frame) this.options.onFrame(frame, 0, frame.length)
  }

  private skip(): void {
    const size = this.pendingBytes
    this.chunks = []
    this.pendingBytes = 0
    this.skipping = true
    this.options.onOversize(size)
  }
}
