/** What events make of the transcript, without a terminal. */
import { expect } from 'chai'
import type { ShareEvent } from '../../../../../src/protocol/events.ts'
import type { BlockBody } from '../../../../../src/tui/state/transcript/block.ts'
import { reduceEvents } from '../../../../../src/tui/state/transcript/reduce-events.ts'
import { emptyTranscript, forgetPrinted, type Transcript } from '../../../../../src/tui/state/transcript/transcript.ts'
import { eventMaker } from '../../../../support/samples/event-maker.ts'

function blocksOf({ blocks }: Transcript): (BlockBody | null)[] {
  return blocks.map((block) => {
    if (!block) return null
    const { key: _key, ...body } = block
    return body
  })
}

const taken = (...batches: ShareEvent[][]) => batches.reduce(reduceEvents, emptyTranscript)
const answer = (text: string, first = true) => ({ kind: 'speech', speech: 'answer', first, text }) as const

const notice = (look: string, text: string) => ({ kind: 'notice', look, text })

describe('The transcript', () => {
  it('keeps a text open while it grows, and writes the final one when it is complete', () => {
    const { begin, delta, finish } = eventMaker()
    const growing = taken([begin('a'), delta('a', 'Hel'), delta('a', 'lo')])
    expect(growing.speeches.map(({ beginning }) => beginning)).to.deep.equal(['Hello'])
    expect(blocksOf(growing)).to.deep.equal([])
    const done = reduceEvents(growing, [finish('a', 'Hello.')])
    expect([done.speeches, blocksOf(done)]).to.deep.equal([[], [answer('Hello.')]])
  })

  it('writes paragraphs as soon as they are complete, and only the rest at the end', () => {
    const { begin, delta, finish } = eventMaker()
    const text = 'One.\n\nTwo.\n\nThree.'
    const growing = taken([begin('a'), delta('a', 'One.\n\nTwo.\n\nThr')])
    expect(blocksOf(growing)).to.deep.equal([answer('One.\n\nTwo.')])
    expect(blocksOf(reduceEvents(growing, [finish('a', text)]))).to.deep.equal([
      answer('One.\n\nTwo.'),
      answer('Three.', false),
    ])
  })

  it('does not cut inside a code block', () => {
    const { begin, delta } = eventMaker()
    const growing = taken([begin('a'), delta('a', 'Look:\n\n```ts\nconst a = 1\n\nconst b = 2\n')])
    expect(blocksOf(growing)).to.deep.equal([answer('Look:')])
  })

  it('gives the whole text again when the final one is another than what was written', () => {
    const { begin, delta, finish } = eventMaker()
    const done = taken([begin('a'), delta('a', 'Wrong.\n\nMore')], [finish('a', 'Right.\n\nMore')])
    const correction = notice('caution', '… the text above is not how it ended; here is the whole:')
    expect(blocksOf(done)).to.deep.equal([answer('Wrong.'), correction, answer('Right.\n\nMore')])
  })

  it('shows nothing of a text whose beginning was not seen until it is complete', () => {
    const { delta, finish } = eventMaker()
    expect(blocksOf(taken([delta('a', 'half')], [finish('a', 'The half.')]))).to.deep.equal([answer('The half.')])
  })

  it('takes every event once, whatever is sent again', () => {
    const { prompt, finish } = eventMaker()
    const events = [prompt('hi', 'ben'), finish('a', 'Hello.')]
    expect(taken(events, events, events.slice(1))).to.deep.equal(taken(events))
  })

  it('knows its own prompts by their request id, and others by who posted them', () => {
    const { prompt } = eventMaker()
    const start = { ...emptyTranscript, ownRequests: ['mine'] }
    const [own, other] = blocksOf(reduceEvents(start, [prompt('a', 'anna', 'mine'), prompt('b', 'ben', 'theirs')]))
    expect([own, other]).to.deep.equal([
      { kind: 'prompt', who: 'anna', own: true, at: '2026-11-22T14:00:00.000Z', text: 'a' },
      { kind: 'prompt', who: 'ben', own: false, at: '2026-11-22T14:00:00.000Z', text: 'b' },
    ])
  })

  it('keeps what a turn left unfinished when it ends', () => {
    const { begin, delta, turnEnded } = eventMaker()
    const ended = taken([begin('a'), delta('a', 'As far as')], [turnEnded('interrupted')])
    expect(ended.speeches).to.deep.equal([])
    expect(blocksOf(ended).map((block) => block?.kind)).to.deep.equal(['speech', 'turnEnd'])
  })

  it('writes what has come of an answer before the prompt that steers it, and only the rest when it is completed after all', () => {
    const { begin, delta, finish, prompt, turnEnded } = eventMaker()
    const steered = taken([begin('a'), delta('a', 'One, two'), prompt('and the docs?', 'anna'), finish('b', 'Docs.')])
    const kinds = ['speech', 'notice', 'prompt', 'speech']
    expect(blocksOf(steered).map((block) => block?.kind)).to.deep.equal(kinds)
    const cut = notice('caution', '■ cut short by anna')
    expect(blocksOf(steered).slice(0, 2)).to.deep.equal([answer('One, two'), cut])
    const whole = blocksOf(reduceEvents(steered, [finish('a', 'One, two'), turnEnded()]))
    const longer = blocksOf(reduceEvents(steered, [finish('a', 'One, two, three'), turnEnded()]))
    expect(whole.map((block) => block?.kind)).to.deep.equal([...kinds, 'turnEnd'])
    expect(longer[4]).to.deep.equal(answer(', three', false))
  })

  it('stops a text where something was missed, and has the rest of it once it is complete', () => {
    const { begin, delta, finish, make } = eventMaker()
    const missed = () => make('share/missed', { itemIds: ['a'] })
    const forNow = notice('caution', '… some of this text was missed; the whole follows once it is complete')
    const holed = taken([begin('a'), delta('a', 'One two'), missed(), delta('a', ' five')])
    expect(blocksOf(holed)).to.deep.equal([answer('One two'), forNow])
    const done = reduceEvents(holed, [finish('a', 'One two three four five')])
    expect([done.speeches, blocksOf(done)]).to.deep.equal([
      [],
      [answer('One two'), forNow, answer(' three four five', false)],
    ])
  })

  it('shows what came behind a hole when the turn ends, also of a text whose beginning was missed', () => {
    const { begin, delta, make, turnEnded } = eventMaker()
    const missed = (id: string) => make('share/missed', { itemIds: [id] })
    const forNow = notice('caution', '… some of this text was missed; the whole follows once it is complete')
    const forGood = notice('caution', '… some of this text is missing')
    const cut = [begin('a'), delta('a', 'One'), missed('a'), delta('a', ' five'), turnEnded('interrupted')]
    expect(blocksOf(taken(cut)).slice(0, -1)).to.deep.equal([answer('One'), forNow, forGood, answer(' five', false)])
    const unseen = [missed('b'), delta('b', 'two'), delta('b', ' three'), turnEnded('interrupted')]
    expect(blocksOf(taken(unseen)).slice(0, -1)).to.deep.equal([forNow, forGood, answer('two three')])
  })

  it('has the output of a command that the turn left running', () => {
    const { make, turnEnded } = eventMaker()
    const item = { type: 'commandExecution', id: 'c', command: 'npm test', status: 'inProgress' }
    const left = taken([
      make('item/started', { item }),
      make('item/commandExecution/outputDelta', { itemId: 'c', delta: 'one\n' }),
      make('share/missed', { itemIds: ['c'] }),
      turnEnded('interrupted'),
    ])
    const [block] = blocksOf(left)
    expect(block?.kind === 'command' && block.facts).to.deep.include({
      output: 'one\n… some of this text is missing\n',
      status: 'not finished',
    })
  })

  it('says who answered what Codex asked, and who is the one at this terminal', () => {
    const { make } = eventMaker()
    const answered = (decision: string, by: string) =>
      make(
        'share/approvalAnswered',
        {
          ...{ threadId: 't', turnId: 'u', approvalId: 'x', item: null, result: { decision } },
          ...{ method: 'item/commandExecution/requestApproval', params: { command: 'npm publish\nrm -r x' } },
        },
        by,
      )
    const events = () => [answered('accept', 'anna'), answered('decline', 'ben')]
    const shownTo = (ownPid: number | null) =>
      blocksOf(reduceEvents({ ...emptyTranscript, ownPid, lastId: 0 }, events())).map((block) =>
        block?.kind === 'notice' ? block.text : '',
      )
    expect(shownTo(null)).to.deep.equal([
      '▸ $ npm publish (and 1 more line): approved by anna',
      '▸ $ npm publish (and 1 more line): declined by ben',
    ])
    expect(shownTo(1).join()).to.match(/approved by you,.*declined by you$/)
  })

  it('tells a warning once, however often Codex repeats it', () => {
    const { make } = eventMaker()
    const warning = () => make('warning', { message: 'careful' })
    expect(blocksOf(taken([warning(), warning()], [warning()]))).to.have.lengthOf(1)
  })

  it('makes control sequences of a model harmless', () => {
    const { begin, delta, finish } = eventMaker()
    const evil = '\u001b[2J\u001b]0;owned\u0007ok'
    const growing = taken([begin('a'), delta('a', evil)])
    const done = reduceEvents(growing, [finish('a', evil)])
    expect(JSON.stringify([growing, done])).not.to.contain('\\u001b')
  })

  it('forgets the text of what has been written to the terminal, and not its place', () => {
    const { finish } = eventMaker()
    const printed = forgetPrinted(taken([finish('a', 'One.'), finish('b', 'Two.')]), 1)
    const more = reduceEvents(printed, [finish('c', 'Three.')])
    expect(blocksOf(more)).to.deep.equal([null, answer('Two.'), answer('Three.')])
    expect(more.blocks[2]?.key).to.equal(2)
  })
})
