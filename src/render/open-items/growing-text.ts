/** A text that comes in pieces: its beginning as far as it came whole, and what came behind each hole. Pure. */

export interface GrowingText {
  readonly beginning: string
  /** What came behind each place where something was missed; empty for a text without a hole. */
  readonly behind: readonly string[]
}

export const nothingYet: GrowingText = { beginning: '', behind: [] }

/** Of a text whose start was not seen: what comes of it stands behind a hole. */
export const beginningMissed: GrowingText = { beginning: '', behind: [''] }

export function appendPiece<T extends GrowingText>(text: T, piece: string): T {
  const last = text.behind.at(-1)
  if (last === undefined) return { ...text, beginning: text.beginning + piece }
  return { ...text, behind: [...text.behind.slice(0, -1), last + piece] }
}

/** Something is missing at its end. Where nothing came since the last hole, it is the same one. */
export function addHole<T extends GrowingText>(text: T): T {
  return text.behind.at(-1) === '' ? text : { ...text, behind: [...text.behind, ''] }
}

/** Whether there is anything to show of it. */
export function hasContent({ beginning, behind }: GrowingText): boolean {
  return beginning !== '' || behind.length > 0
}

/** Said where something is missing for good. */
export const hole = '… some of this text is missing'

/** Said where something is missing of a text that is still being written. */
export const holeForNow = '… some of this text was missed; the whole follows once it is complete'

/** Said where what was shown before turned out not to be the text. */
export const correction = '… the text above is not how it ended; here is the whole:'
