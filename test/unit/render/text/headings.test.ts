/** Headings of the text output: who speaks, when, and on which day. */
import { expect } from 'chai'
import { createPaint } from '../../../../src/render/terminal/theme.ts'
import { Headings } from '../../../../src/render/text/headings.ts'
import { TextPage } from '../../../../src/render/text/text-page.ts'

/** In local time, as it is shown. */
const on = (day: number, hour: number) => new Date(2026, 10, day, hour, 5, 9).toISOString()

describe('The headings', () => {
  let page: TextPage
  let headings: Headings

  beforeEach(() => {
    page = new TextPage()
    headings = new Headings(page, createPaint(false), '2026-11-22')
  })

  const write = (who: string, at: string) => {
    headings.at = at
    return [headings.write(who, 'person'), page.take()]
  }

  it('name who speaks, and when, once for all that follows of the same speaker', () => {
    expect([write('ada', on(22, 14)), write('ada', on(22, 15)), write('Codex', on(22, 15))]).to.deep.equal([
      [true, 'ada  14:05:09\n'],
      [false, ''],
      [true, 'Codex  15:05:09\n'],
    ])
  })

  it('name the speaker again after an end', () => {
    write('ada', on(22, 14))
    headings.end()
    expect(write('ada', on(22, 16))).to.deep.equal([true, 'ada  16:05:09\n'])
  })

  it('have a line where the day changes, also in the middle of what one speaker says', () => {
    expect([
      write('ada', on(23, 1)),
      write('ada', on(24, 1)),
      write('ada', on(24, 2)),
      write('ben', on(25, 1)),
    ]).to.deep.equal([
      [true, '── 2026-11-23 ──\n\nada  01:05:09\n'],
      [true, '── 2026-11-24 ──\n'],
      [false, ''],
      [true, '\n── 2026-11-25 ──\n\nben  01:05:09\n'],
    ])
  })

  it('show a time that cannot be read as it is, and take it for no other day', () => {
    expect([write('ada', 'some day'), write('ada', on(22, 14))]).to.deep.equal([
      [true, 'ada  some day\n'],
      [false, ''],
    ])
  })

  it('are painted: the speaker in the look that is given, the rest quietly', () => {
    const looks = new Headings(page, (look, text) => `<${look}>${text}</>`, '2026-11-22')
    looks.at = on(23, 1)
    looks.write('Codex', 'codex')
    expect(page.take()).to.equal('<quiet>── 2026-11-23 ──</>\n\n<codex>Codex</>  <quiet>01:05:09</>\n')
  })
})
