/** Reduces the events of growing texts (answers, plans, reasoning) to the transcript. Pure. */
import {
  addHole,
  appendPiece,
  beginningMissed,
  correction,
  type GrowingText,
  hole,
  holeForNow,
  nothingYet,
} from '../../../render/open-items/growing-text.ts'
import { proseText } from '../../../render/terminal/prose-text.ts'
import type { BlockBody, SpeechKind } from './block.ts'
import { cutParagraphs, cutRest, type OpenSpeech } from './speech.ts'
import { append, type Transcript } from './transcript.ts'

function openSpeech(itemId: string, speech: SpeechKind, text: GrowingText): OpenSpeech {
  return { ...text, itemId, speech, written: 0, scattered: false, isCut: false }
}

export function startSpeech(transcript: Transcript, id: string, speech: SpeechKind, text: string): Transcript {
  const open = openSpeech(id, speech, appendPiece(nothingYet, proseText(text)))
  return { ...transcript, speeches: [...transcript.speeches.filter(({ itemId }) => itemId !== id), open] }
}

/** A text whose beginning was not seen is not shown while it grows: its completion brings the whole. */
export function appendToSpeech(transcript: Transcript, id: string, speech: SpeechKind, piece: string): Transcript {
  const { speeches, missed } = transcript
  if (speeches.some(({ itemId }) => itemId === id))
    return { ...transcript, speeches: replaceSpeech(speeches, id, (open) => appendPiece(open, proseText(piece))) }
  const unseen = openSpeech(id, speech, appendPiece(beginningMissed, proseText(piece)))
  const grown = { ...transcript, speeches: [...speeches, unseen], missed: missed.filter((each) => each !== id) }
  return missed.includes(id) ? append(grown, { kind: 'notice', look: 'caution', text: holeForNow }) : grown
}

/** What has come so far is written; what comes now is kept, since only the complete text shows where it belongs. */
export function addSpeechHole(transcript: Transcript, id: string): Transcript {
  const speech = transcript.speeches.find(({ itemId }) => itemId === id)
  if (!speech) return { ...transcript, missed: [...transcript.missed, id] }
  const speeches = replaceSpeech(transcript.speeches, id, (open) => ({
    ...addHole(open),
    written: open.beginning.length,
  }))
  if (speech.behind.length > 0) return { ...transcript, speeches }
  return append({ ...transcript, speeches }, ...restOf(speech), { kind: 'notice', look: 'caution', text: holeForNow })
}

export function completeSpeech(transcript: Transcript, id: string, speech: SpeechKind, final: string): Transcript {
  const open = transcript.speeches.find(({ itemId }) => itemId === id)
  const speeches = transcript.speeches.filter(({ itemId }) => itemId !== id)
  const missed = transcript.missed.filter((each) => each !== id)
  const rest = cutRest(open ?? openSpeech(id, speech, nothingYet), proseText(final))
  const text = rest.text.replace(/\n+$/, '')
  if (text === '') return { ...transcript, speeches, missed }
  const first = rest.again || (open?.written ?? 0) === 0
  const again: BlockBody[] = rest.again ? [{ kind: 'notice', look: 'caution', text: correction }] : []
  return append({ ...transcript, speeches, missed }, ...again, { kind: 'speech', speech, first, text })
}

/** Written for good as soon as it can be, so that what is redrawn on every frame stays small. */
export function writeParagraphs(transcript: Transcript): Transcript {
  let next = transcript
  for (const speech of transcript.speeches) {
    const { done, written } = cutParagraphs(speech)
    if (done === '') continue
    const speeches = replaceSpeech(next.speeches, speech.itemId, (open) => ({ ...open, written }))
    const first = speech.written === 0
    next = append({ ...next, speeches }, { kind: 'speech', speech: speech.speech, first, text: done })
  }
  return next
}

/** Writes what has come of growing texts: what follows them on the screen came later, and a text that was steered is not completed. */
export function writeOpen(transcript: Transcript): Transcript {
  const left = transcript.speeches.flatMap((open) => [...restOf(open), ...open.behind.flatMap(behindHole(open))])
  const speeches = transcript.speeches.map((open) => ({
    ...open,
    written: open.beginning.length,
    behind: [],
    scattered: open.scattered || open.behind.length > 0,
  }))
  return append({ ...transcript, speeches }, ...left)
}

function restOf({ speech, beginning, written }: OpenSpeech): BlockBody[] {
  const text = beginning.slice(written).trimEnd()
  return text === '' ? [] : [{ kind: 'speech', speech, first: written === 0, text }]
}

function behindHole({ speech, beginning }: OpenSpeech): (piece: string, index: number) => BlockBody[] {
  return (piece, index) => {
    const text = piece.trimEnd()
    const mark: BlockBody = { kind: 'notice', look: 'caution', text: hole }
    return text === '' ? [mark] : [mark, { kind: 'speech', speech, first: beginning === '' && index === 0, text }]
  }
}

function replaceSpeech(
  speeches: readonly OpenSpeech[],
  id: string,
  change: (open: OpenSpeech) => OpenSpeech,
): readonly OpenSpeech[] {
  return speeches.map((open) => (open.itemId === id ? change(open) : open))
}
