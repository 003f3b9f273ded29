/**
 * Takes events out of the daemon's frames without parsing them.
 *
 * The daemon sends an event as exactly `{"jsonrpc":"2.0","method":"share/event","params":{"id":N,"threadId":"…",…}}`, with these
 * members in this order, so that a reader of a hundred thousand events can cut id, thread and the event's own JSON out of the bytes.
 * Parsing each frame and writing it again would take `tail --json` many times as long.
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
  /** The event's JSON: a view into the bytes that were read, valid for as long as it is held. */
  readonly json: Buffer
  private parsed: ShareEvent | undefined

  constructor(id: number, threadId: string, json: Buffer) {
    this.id = id
    this.threadId = threadId
    this.json = json
  }

  /** @throws SyntaxError or TypeError when the daemon sent what is not an event. */
  parse(): ShareEvent {
    this.parsed ??= this.read()
    return this.parsed
  }

  private read(): ShareEvent {
    const event: unknown = JSON.parse(this.json.toString('utf8'))
    if (!isEvent(event)) throw new TypeError(`not an event: ${this.json.toString('utf8').slice(0, 200)}`)
    return event
  }
}

/** The event in a frame, or undefined when the frame is anything else. */
export function readEventFrame(frame: Buffer): EventFrame | undefined {
  if (!startsWith(frame, frameStart, 0) || frame.at(-1) !== BRACE) return undefined
  const json = frame.subarray(frameStart.length, -1)
  if (!startsWith(json, idStart, 0)) return undefined
  let id = 0
  let at = idStart.length
  for (let digit = json[at]; digit !== undefined && digit >= ZERO && digit <= NINE; digit = json[++at])
    id = id * 10 + digit - ZERO
  if (at === idStart.length || !startsWith(json, threadStart, at)) return undefined
  const start = at + threadStart.length
  const end = json.indexOf(QUOTE, start)
  return end === -1 ? undefined : new EventFrame(id, json.toString('latin1', start, end), json)
}

function startsWith(bytes: Buffer, start: Buffer, at: number): boolean {
  return bytes.length >= at + start.length && bytes.compare(start, 0, start.length, at, at + start.length) === 0
}
