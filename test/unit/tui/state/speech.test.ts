/** Texts that grow in the transcript: written for good paragraph by paragraph, and each of them once. */
import { expect } from 'chai'
import { correction, hole, holeForNow } from '../../../../src/render/open-items/growing-text.ts'
import {
  addSpeechHole,
  appendToSpeech,
  completeSpeech,
  startSpeech,
  writeOpen,
  writeParagraphs,
} from '../../../../src/tui/state/transcript/reduce-speech.ts'
import { cutParagraphs, cutRest, type OpenSpeech } from '../../../../src/tui/state/transcript/speech.ts'
import { emptyTranscript, type Transcript } from '../../../../src/tui/state/transcript/transcript.ts'

const open = (beginning: string, more: Partial<OpenSpeech> = {}): OpenSpeech => ({
  ...{ itemId: 'a', speech: 'answer', beginning, behind: [], written: 0, scattered: false, isCut: false },
  ...more,
})

describe('A text that grows', () => {
  it('is cut at its last blank line, and never inside a code block', () => {
    const cases = [
      ['one', ''],
      ['one\n\ntwo', 'one'],
      ['one\n\ntwo\n\n', 'one\n\ntwo'],
      ['one\n\n```\na\n\nb', 'one'],
      ['```\na\n\nb\n```\n\nend', '```\na\n\nb\n```'],
      ['````\n```\n\n````\n\nx', '````\n```\n\n````'],
    ] as const
    for (const [text, done] of cases) expect(cutParagraphs(open(text)).done, text).to.equal(done)
    expect(cutParagraphs(open('one\n\ntwo\n\nthree', { written: 5 }))).to.deep.equal({ done: 'two', written: 10 })
  })

  it('ends with what is not written yet, or whole where it is another', () => {
    const speech = open('one\n\ntwo', { written: 5 })
    expect([
      cutRest(speech, 'one\n\ntwo!'),
      cutRest(speech, 'one'),
      cutRest(speech, 'else'),
      cutRest({ ...speech, scattered: true }, 'one\n\ntwo'),
    ]).to.deep.equal([
      { text: 'two!', again: false },
      { text: '', again: false },
      { text: 'else', again: true },
      { text: 'one\n\ntwo', again: true },
    ])
  })
})

describe('The transcript of a text that grows', () => {
  /** What is written: text as it is, with a `>` where it begins. */
  const written = ({ blocks }: Transcript) =>
    blocks.map((block) =>
      block?.kind === 'speech' ? `${block.first ? '>' : ''}${block.text}` : block?.kind === 'notice' ? block.text : '',
    )
  const begun = startSpeech(emptyTranscript, 'a', 'answer', '')
  const grown = appendToSpeech(appendToSpeech(begun, 'a', 'answer', 'one\n\n'), 'a', 'answer', 'two')

  it('has each paragraph once, and the rest when it is complete', () => {
    const first = writeParagraphs(grown)
    expect([written(grown), written(first), written(writeParagraphs(first))]).to.deep.equal([[], ['>one'], ['>one']])
    const whole = completeSpeech(first, 'a', 'answer', 'one\n\ntwo.\n')
    expect([written(whole), whole.speeches]).to.deep.equal([['>one', 'two.'], []])
    expect(written(completeSpeech(first, 'a', 'answer', 'else'))).to.deep.equal(['>one', correction, '>else'])
  })

  it('has a mark where something was missed, and the whole in the end', () => {
    const missed = appendToSpeech(addSpeechHole(grown, 'a'), 'a', 'answer', 'four')
    expect(written(missed)).to.deep.equal(['>one\n\ntwo', holeForNow])
    expect(written(completeSpeech(missed, 'a', 'answer', 'one\n\ntwo three four'))).to.deep.equal([
      ...['>one\n\ntwo', holeForNow, ' three four'],
    ])
    expect(written(writeOpen(missed))).to.deep.equal(['>one\n\ntwo', holeForNow, hole, 'four'])
  })

  it('shows nothing of a text whose beginning was not seen, until it is complete', () => {
    const unseen = appendToSpeech(addSpeechHole(emptyTranscript, 'b'), 'b', 'plan', 'middle')
    expect(written(unseen)).to.deep.equal([holeForNow])
    expect(written(completeSpeech(unseen, 'b', 'plan', 'the whole'))).to.deep.equal([holeForNow, '>the whole'])
  })
})
