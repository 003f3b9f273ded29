/**
 * Takes events out of the daemon's frames without parsing them.
 *
 * The daemon sends an event as exactly `{"jsonrpc":"2.0","method":"share/event","params":{"id":N,"threadId":"…",…}}`, with these
 * members in this order, so that a reader of a hundred thousand events can cut id, thread and the event's own JSON out of the bytes.
 * Parsing each frame and writing it again would take `tail --json` many times as long; so would Buffer's own methods, whose checks
 * cost more than the comparing of so few bytes.
 */
import type { ShareEvent } from '../../protocol/events.ts'
import { isObject } from '../../protocol/json/read-json.ts'

const frameStart = Buffer.from('{"jsonrpc":"2.0","method":"share/event","params":')
const idStart = Buffer.from('{"id":')
const threadStart = Buffer.from(',"threadId":"')
const [ZERO, NINE, QUOTE, BRACE] = [0x30, 0x39, 0x22, 0x7d]

/** An event as it came: a part of what was received. */
export class EventFrame {
  readonly id: number
  readonly threadId: string
  private readonly bytes: Buffer
  /** Where the event's own JSON begins and ends. */
  private readonly start: number
  private readonly end: number
  private parsed: ShareEvent | undefined

  constructor(id: number, threadId: string, bytes: Buffer, start: number, end: number) {
    this.id = id
    this.threadId = threadId
    this.bytes = bytes
    this.start = start
    this.end = end
  }

  get kind(): 'event' {
    return 'event'
  }

  /** Bytes of the event's JSON. */
  get length(): number {
    return this.end - this.start
  }

  /** @throws SyntaxError or TypeError when the daemon sent what is not an event. */
  parse(): ShareEvent {
    this.parsed ??= this.read()
    return this.parsed
  }

  /** Copies the event's JSON to `target[at]`, and returns how many bytes that were. */
  copy(target: Buffer, at: number): number {
    return this.bytes.copy(target, at, this.start, this.end)
  }

  private read(): ShareEvent {
    const text = this.bytes.toString('utf8', this.start, this.end)
    const event: unknown = JSON.parse(text)
    if (!isEvent(event)) throw new TypeError(`not an event: ${text.slice(0, 200)}`)
    return event
  }
}

/** Puts the events' JSON texts together as lines, always in the same memory: new memory for each megabyte costs more than the copying. */
export class EventLines {
  private memory = Buffer.alloc(0)

  /** The lines; to be used before the next are asked for. */
  of(events: readonly EventFrame[]): Buffer {
    let size = events.length
    for (const { length } of events) size += length
    if (size > this.memory.length) this.memory = Buffer.allocUnsafeSlow(size)
    let at = 0
    for (const event of events) {
      at += event.copy(this.memory, at)
      this.memory[at++] = LF
    }
    return this.memory.subarray(0, size)
  }
}

const LF = 0x0a

/** Reads event frames; it remembers the last thread's id, since one reader mostly gets events of one thread. */
export class EventFrameReader {
  private threadId = ''
  private threadBytes = Buffer.alloc(0)

  /** The event in the frame `bytes[start]` to `bytes[end]`, or undefined when the frame is anything else. */
  read(bytes: Buffer, start: number, end: number): EventFrame | undefined {
    if (!hasAt(bytes, frameStart, start) || bytes[end - 1] !== BRACE) return undefined
    const jsonAt = start + frameStart.length
    if (!hasAt(bytes, idStart, jsonAt)) return undefined
    const idAt = jsonAt + idStart.length
    let id = 0
    let at = idAt
    for (let digit = bytes[at]; digit !== undefined && digit >= ZERO && digit <= NINE; digit = bytes[++at])
      id = id * 10 + digit - ZERO
    if (at === idAt || !hasAt(bytes, threadStart, at)) return undefined
    const threadId = this.readThreadId(bytes, at + threadStart.length, end)
    return threadId === undefined ? undefined : new EventFrame(id, threadId, bytes, jsonAt, end - 1)
  }

  private readThreadId(bytes: Buffer, start: number, frameEnd: number): string | undefined {
    const { threadBytes } = this
    if (threadBytes.length > 0 && hasAt(bytes, threadBytes, start)) return this.threadId
    const end = bytes.indexOf(QUOTE, start)
    if (end === -1 || end >= frameEnd) return undefined
    // With its closing quote, so that a longer id does not pass for this one.
    this.threadBytes = Buffer.from(bytes.subarray(start, end + 1))
    this.threadId = bytes.toString('utf8', start, end)
    return this.threadId
  }
}

function hasAt(bytes: Buffer, wanted: Buffer, at: number): boolean {
  for (let index = 0; index < wanted.length; index += 1) if (bytes[at + index] !== wanted[index]) return false
  return true
}

/** Checks by hand, since events are many: the same shape as `eventSchema`, at a hundredth of its cost. */
export function isEvent(value: unknown): value is ShareEvent {
  if (!isObject(value)) return false
  const { id, threadId, turnId, at, method, params, by } = value
  return (
    typeof id === 'number' &&
    typeof threadId === 'string' &&
    (turnId === null || typeof turnId === 'string') &&
    typeof at === 'string' &&
    typeof method === 'string' &&
    isObject(params) &&
    (by === null || (isObject(by) && typeof by.label === 'string' && typeof by.kind === 'string'))
  )
}
