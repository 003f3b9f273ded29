/** Texts that grow are written once, as they grow or when they are complete. */
import { expect } from 'chai'
import { correction, hole, holeForNow } from '../../../../src/render/open-items/growing-text.ts'
import { StreamedItems } from '../../../../src/render/text/streamed-items.ts'
import { TextPage } from '../../../../src/render/text/text-page.ts'

describe('A text that is streamed', () => {
  function write(live: boolean, doings: (items: StreamedItems) => void): string {
    const page = new TextPage()
    doings(new StreamedItems({ page, paint: (_look, text) => text, live, onWrite: () => {} }))
    return page.take()
  }

  it('comes as it grows, or at once when it is complete', () => {
    const grow = (items: StreamedItems) => {
      items.start('a', 'agentMessage', '')
      for (const piece of ['Do', 'ne']) items.append('a', 'agentMessage', piece)
    }
    const complete = (items: StreamedItems) => {
      grow(items)
      items.complete('a', 'agentMessage', 'Done.\n')
    }
    expect([write(true, grow), write(false, grow)]).to.deep.equal(['Done', ''])
    expect([write(true, complete), write(false, complete)]).to.deep.equal(['Done.\n', 'Done.\n'])
  })

  it('is written whole again where it ends as another', () => {
    const text = write(true, (items) => {
      items.append('b', 'agentMessage', 'unseen beginning')
      items.start('a', 'agentMessage', '')
      items.append('a', 'agentMessage', 'Wrong')
      items.complete('a', 'agentMessage', 'Right')
    })
    expect(text).to.equal(`Wrong\n\n${correction}\n\nRight\n`)
  })

  it('says where something was missed, and has the whole in the end', () => {
    const missed = (items: StreamedItems) => {
      items.start('a', 'agentMessage', '')
      items.append('a', 'agentMessage', 'one')
      items.addHoles(['a', 'unseen'])
      items.append('a', 'agentMessage', 'three')
    }
    expect(write(true, missed)).to.equal(`one\n\n${holeForNow}\n`)
    const complete = (items: StreamedItems) => {
      missed(items)
      items.complete('a', 'agentMessage', 'one two three')
    }
    expect(write(true, complete)).to.equal(`one\n\n${holeForNow}\n\n two three\n`)
    expect(write(false, complete)).to.equal('one two three\n')
    const left = (items: StreamedItems) => {
      missed(items)
      items.endTurn()
    }
    expect(write(false, left)).to.equal(`one\n\n${hole}\n\nthree`)
  })

  it('is cut short once, by whoever steers', () => {
    const cuts: boolean[] = []
    const text = write(false, (items) => {
      items.start('a', 'plan', 'begun')
      cuts.push(items.cutShort(), items.cutShort())
      items.complete('a', 'plan', 'begun')
    })
    expect([text, cuts]).to.deep.equal(['begun\n', [true, false]])
  })
})
