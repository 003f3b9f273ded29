/** Writes what a thread brings to stdout, as its renderer makes it or as JSON lines. */
import { type EventFrame, EventLines } from '../../client/connection/event-frames.ts'
import type { FollowEntry } from '../../client/following/inbox.ts'
import { safeJson } from '../../protocol/text/safe-json.ts'
import type { EventRenderer } from '../../render/event-renderer.ts'
import { safeJsonLines } from './safe-json-lines.ts'

export interface EntryOutput {
  write(entries: readonly FollowEntry[]): Promise<void>
  /** Ends what is still open. */
  finish(): Promise<void>
}

/** The notice where events came and nothing of them can be read. */
export const nothingReadable = 'no events that have a readable form (--json shows them)'

/** Resolves when the output has gone out, and its memory is free again. */
export type Write = (output: string | Uint8Array) => Promise<void>

/** One event a line, in the bytes that the daemon sent but for what would move a terminal; a gap is a line `{"gap":{…}}`. */
export function jsonEntries(write: Write): EntryOutput {
  const lines = new EventLines()
  return {
    write: async (entries) => {
      let events: EventFrame[] = []
      for (const entry of entries) {
        if (entry.kind === 'event') events.push(entry)
        else if (entry.kind === 'gap') {
          await write(safeJsonLines(lines.of(events)))
          await write(`${safeJson({ gap: entry.gap })}\n`)
          events = []
        }
      }
      await write(safeJsonLines(lines.of(events)))
    },
    finish: async () => {},
  }
}

export function renderedEntries(write: Write, renderer: EventRenderer): EntryOutput {
  return {
    write: (entries) => {
      let text = ''
      for (const entry of entries) {
        if (entry.kind === 'event') text += renderer.renderEvent(entry.parse())
        else if (entry.kind === 'gap') text += renderer.renderGap(entry.gap)
      }
      return write(text)
    },
    finish: () => write(renderer.finish()),
  }
}
