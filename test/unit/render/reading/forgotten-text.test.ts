import { expect } from 'chai'
import type { ShareEvent } from '../../../../src/protocol/events.ts'
import { createMarkdownRenderer } from '../../../../src/render/markdown/markdown-renderer.ts'
import { clockTime } from '../../../../src/render/terminal/clock.ts'
import { createTextRenderer } from '../../../../src/render/text/text-renderer.ts'
import { ada, sampleEvents } from '../../../support/samples/sample-events.ts'

const forgottenAt = '2026-11-27T12:00:00.000Z'

describe('events that were forgotten, in words', () => {
  const event = sampleEvents()
  const forgotten = (params: object, by = ada) =>
    event('share/forgotten', { events: 1, ranges: [], forgottenAt, ...params }, { by })
  const markdownOf = (event: ShareEvent) => createMarkdownRenderer().renderEvent(event)
  const when = `2026-11-27 ${clockTime(forgottenAt)}`

  it('says how many, where, by whom and when, and shows a label as it is', () => {
    const text = createTextRenderer({ colour: false, today: '2026-11-22' })
    const few = forgotten({ events: 12, ranges: [{ from: 3, to: 14 }] })
    const said = `12 events were forgotten by ada, ${when} (ids 3 to 14)`
    expect(text.renderEvent(few)).to.include(`… ${said}\n`)
    expect(markdownOf(few)).to.include(said)
    const ranges = [1, 3, 5, 7, 9].map((id) => ({ from: id, to: id }))
    expect(markdownOf(forgotten({ events: 1, ranges }, { ...ada, label: 'a\nb' }))).to.include(
      `1 event was forgotten by a␊b, ${when} (ids 1, 3, 5, 2 more places)`,
    )
  })

  it('says so also where only a name was forgotten, or a newer daemon has another form for it', () => {
    for (const params of [{ events: 0 }, { events: 'many' }])
      expect(markdownOf(forgotten(params))).to.include('something of this thread was forgotten by ada')
  })
})
