/** The transcript of the open thread: blocks that are finished, items that are still open, and what was shown already. */
import type { CommandFacts } from '../../../render/items/read-item.ts'
import type { Block, BlockBody } from './block.ts'
import type { OpenSpeech } from './speech.ts'

interface OpenCommand {
  readonly itemId: string
  readonly facts: CommandFacts
}

/**
 * A block that has been written is replaced by null, so that a long session keeps its place in the list and not its text. The views
 * print the rest.
 */
export interface Transcript {
  readonly blocks: readonly (Block | null)[]
  /** Blocks before this index are null. */
  readonly printed: number
  readonly speeches: readonly OpenSpeech[]
  readonly commands: readonly OpenCommand[]
  /** Items in which something was missed and of which nothing else is known yet. */
  readonly missed: readonly string[]
  /** Id of the newest event that was taken in; 0 before the first. */
  readonly lastId: number
  /** Request ids of prompts that this program submitted: they are its own when they come back as events. */
  readonly ownRequests: readonly string[]
  /** What authors have as their process when it is this one. */
  readonly ownPid: number | null
  /** Notices of those that are said once. */
  readonly saidOnce: readonly string[]
  readonly shownReason: string
  /** What Codex tries again at this moment; empty when it gets on. */
  readonly retrying: string
}

export const emptyTranscript: Transcript = {
  blocks: [],
  printed: 0,
  speeches: [],
  commands: [],
  missed: [],
  lastId: 0,
  ownRequests: [],
  ownPid: null,
  saidOnce: [],
  shownReason: '',
  retrying: '',
}

/** The transcript with blocks at its end. */
export function append(transcript: Transcript, ...bodies: readonly BlockBody[]): Transcript {
  if (bodies.length === 0) return transcript
  const start = transcript.blocks.length
  const added = bodies.map((body, index) => ({ ...body, key: start + index }))
  return { ...transcript, blocks: [...transcript.blocks, ...added] }
}

/** Forgets the text of all blocks before `count`: they have been written to the terminal. */
export function forgetPrinted(transcript: Transcript, count: number): Transcript {
  if (count <= transcript.printed) return transcript
  const blocks = transcript.blocks.map((block, index) => (index < count ? null : block))
  return { ...transcript, blocks, printed: count }
}

/** Another thread is shown from here on; what is on the terminal stays there. A prompt on its way is still one's own. */
export function switchThread(
  { blocks, printed, saidOnce, ownPid }: Transcript,
  lastId: number,
  submission: { readonly requestId: string } | null,
): Transcript {
  const ownRequests = submission ? [submission.requestId] : []
  return { ...emptyTranscript, blocks, printed, saidOnce, ownPid, lastId, ownRequests }
}
