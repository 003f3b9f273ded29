/**
 * Takes events out of the daemon's frames without parsing them.
 *
 * The daemon sends an event as exactly `{"jsonrpc":"2.0","method":"share/event","params":{"id":N,"threadId":"…",…}}`, with these
 * members in this order, so that a reader of a hundred thousand events can cut id, thread and the event's own JSON out of the bytes.
 * Parsing each frame and writing it again would take `tail --json` many times as long; so would Buffer's own methods, whose checks
 * cost more than the comparing of so few bytes.
 */
import type { ShareEvent } from '../protocol/events.ts'
import { isEvent } from './check-event.ts'

const frameStart = Buffer.from('{"jsonrpc":"2.0","method":"share/event","params":')
const idStart = Buffer.from('{"id":')
const threadStart = Buffer.from(',"threadId":"')
const [ZERO, NINE, QUOTE, BRACE] = [0x30, 0x39, 0x22, 0x7d]

/** An event as it came. */
export class EventFrame {
  readonly id: number
  readonly threadId: string
  /** The whole frame; the event's own JSON is what lies between `jsonStart` and its last byte. */
  readonly frame: Buffer
  static readonly jsonStart = frameStart.length
  private parsed: ShareEvent | undefined

  constructor(id: number, threadId: string, frame: Buffer) {
    this.id = id
    this.threadId = threadId
    this.frame = frame
  }

  /** Bytes of the event's JSON. */
  get length(): number {
    return this.frame.length - EventFrame.jsonStart - 1
  }

  /** @throws SyntaxError or TypeError when the daemon sent what is not an event. */
  parse(): ShareEvent {
    this.parsed ??= this.read()
    return this.parsed
  }

  private read(): ShareEvent {
    const text = this.frame.toString('utf8', EventFrame.jsonStart, this.frame.length - 1)
    const event: unknown = JSON.parse(text)
    if (!isEvent(event)) throw new TypeError(`not an event: ${text.slice(0, 200)}`)
    return event
  }
}

/** The event's JSON texts as lines, in one buffer: what was received, copied once. */
export function eventLines(events: readonly EventFrame[]): Buffer {
  let size = events.length
  for (const { length } of events) size += length
  const lines = Buffer.allocUnsafe(size)
  let at = 0
  for (const { frame } of events) {
    at += frame.copy(lines, at, EventFrame.jsonStart, frame.length - 1)
    lines[at++] = LF
  }
  return lines
}

const LF = 0x0a

/** Reads event frames; it remembers the last thread's id, since one reader mostly gets events of one thread. */
export class EventFrameReader {
  private threadId = ''
  private threadBytes = Buffer.alloc(0)

  /** The event in a frame, or undefined when the frame is anything else. */
  read(frame: Buffer): EventFrame | undefined {
    if (!hasAt(frame, frameStart, 0) || frame[frame.length - 1] !== BRACE) return undefined
    if (!hasAt(frame, idStart, frameStart.length)) return undefined
    const idAt = frameStart.length + idStart.length
    let id = 0
    let at = idAt
    for (let digit = frame[at]; digit !== undefined && digit >= ZERO && digit <= NINE; digit = frame[++at])
      id = id * 10 + digit - ZERO
    if (at === idAt || !hasAt(frame, threadStart, at)) return undefined
    const threadId = this.readThreadId(frame, at + threadStart.length)
    return threadId === undefined ? undefined : new EventFrame(id, threadId, frame)
  }

  private readThreadId(frame: Buffer, start: number): string | undefined {
    const { threadBytes } = this
    if (threadBytes.length > 0 && hasAt(frame, threadBytes, start)) return this.threadId
    const end = frame.indexOf(QUOTE, start)
    if (end === -1) return undefined
    // With its closing quote, so that a longer id does not pass for this one.
    this.threadBytes = Buffer.from(frame.subarray(start, end + 1))
    this.threadId = frame.toString('utf8', start, end)
    return this.threadId
  }
}

function hasAt(bytes: Buffer, wanted: Buffer, at: number): boolean {
  for (let index = 0; index < wanted.length; index += 1) if (bytes[at + index] !== wanted[index]) return false
  return true
}
