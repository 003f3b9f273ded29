/** Text that grows: what has come, how much of it is written for good, and where it can be cut so that no markdown is torn. */
import type { GrowingText } from '../../../render/open-items/growing-text.ts'
import type { SpeechKind } from './block.ts'

export interface OpenSpeech extends GrowingText {
  readonly itemId: string
  readonly speech: SpeechKind
  /** Characters of the beginning that are in finished blocks. */
  readonly written: number
  /** Whether text from behind a hole is in finished blocks as well. */
  readonly scattered: boolean
  /** Whether somebody steered the turn while it was written. */
  readonly isCut: boolean
}

interface Cut {
  /** Complete paragraphs, or the empty string. */
  readonly done: string
  /** Characters of the beginning that are written once `done` is. */
  readonly written: number
}

/** Cuts off the paragraphs that are complete: up to the last blank line that is not inside a code block. One pass over the rest. */
export function cutParagraphs({ beginning, written }: OpenSpeech): Cut {
  const rest = beginning.slice(written)
  let fence: string | undefined
  let end = 0
  for (const { index, 1: mark } of rest.matchAll(/\n\n|^ {0,3}(`{3,}|~{3,})/gm)) {
    if (mark === undefined) end = fence === undefined ? index : end
    else if (fence === undefined) fence = mark
    else if (mark.startsWith(fence)) fence = undefined
  }
  return end === 0 ? { done: '', written } : { done: rest.slice(0, end), written: written + end + 2 }
}

/**
 * What is left to write when the item is complete. The final text rules, never the sum of the pieces: when it does not continue
 * what was written, all of it is given again, with `again` set.
 */
export function cutRest(
  { beginning, written, scattered }: OpenSpeech,
  final: string,
): { readonly text: string; readonly again: boolean } {
  const shown = beginning.slice(0, written)
  if (scattered) return { text: final, again: true }
  if (final.startsWith(shown)) return { text: final.slice(written), again: false }
  if (shown.trimEnd() === final.trimEnd()) return { text: '', again: false }
  return { text: final, again: true }
}
