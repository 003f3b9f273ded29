/** Cuts a byte stream into frames at LF. Bytes stay bytes until a whole frame is there, so nothing is decoded twice or halfway. */

const LF = 0x0a

export interface LineFramerOptions {
  /** The largest frame in bytes, without its LF. */
  readonly maxBytes: number
  readonly onFrame: (frame: Buffer) => void
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
      this.take(chunk.subarray(start, end))
      this.finish()
      start = end + 1
    }
    if (start < chunk.length) this.take(chunk.subarray(start))
  }

  private take(bytes: Buffer): void {
    if (this.skipping) return
    this.pendingBytes += bytes.length
    if (this.pendingBytes > this.options.maxBytes) {
      const size = this.pendingBytes
      this.chunks = []
      this.pendingBytes = 0
      this.skipping = true
      this.options.onOversize(size)
    } else if (bytes.length > 0) this.chunks.push(bytes)
  }

  private finish(): void {
    const [first, ...more] = this.chunks
    this.chunks = []
    this.pendingBytes = 0
    if (this.skipping) this.skipping = false
    else if (first) this.options.onFrame(more.length > 0 ? Buffer.concat([first, ...more]) : first)
  }
}
