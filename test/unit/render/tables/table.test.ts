/** Tables and lists of facts. */
import { expect } from 'chai'
import { facts, table } from '../../../../src/render/tables/table.ts'
import { createPaint } from '../../../../src/render/terminal/theme.ts'

const paint = createPaint(false)

describe('A table', () => {
  it('is aligned by display width', () => {
    expect(
      table(
        ['NAME', 'N'],
        [
          ['漢字', '1'],
          ['abcdef', '22'],
        ],
        { paint },
      ),
    ).to.equal('NAME    N\n漢字    1\nabcdef  22')
  })

  it('gives way at the end of its lines when the terminal is narrow', () => {
    expect(table(['A', 'B'], [['x'.repeat(12), 'y'.repeat(20)]], { paint, width: 20 })).to.equal(
      `A             B\n${'x'.repeat(12)}  yyyyy…`,
    )
  })

  it('has a form for facts', () => {
    expect(
      facts(
        [
          ['Name', 'x'],
          ['', 'more'],
        ],
        { paint },
      ),
    ).to.equal('Name  x\n      more')
  })
})
