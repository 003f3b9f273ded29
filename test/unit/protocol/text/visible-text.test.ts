/** Text that somebody decides by: every character that does not show is a mark, and nothing is left out. */
import { expect } from 'chai'
import { markOf, visibleLine, visibleLines, visibleText } from '../../../../src/protocol/text/visible-text.ts'
import { seededRandom } from '../../../soak/random.ts'
import { everyUnseen, leftUnseen, shownTexts } from '../../../support/samples/unseen-characters.ts'

describe('Visible text', () => {
  it('has a mark for every character that does not show', () => {
    for (const character of everyUnseen()) {
      const shown = visibleText(`a${character}b`)
      expect(leftUnseen(shown)).to.equal(undefined)
      expect(shown).to.equal(`a${markOf(character)}b`)
    }
  })

  it('keeps what shows', () => {
    for (const text of shownTexts) expect([visibleText(text), visibleLine(text)]).to.deep.equal([text, text])
  })

  it('takes nothing out and puts nothing together, whatever stands beside it', () => {
    const pieces = [...everyUnseen(), ...shownTexts, '\n', '\t', '\u001b[2K', '\u001b]8;;http://x\u0007', '\r\n', '  ']
    const random = seededRandom(7)
    for (let round = 0; round < 2000; round += 1) {
      const text = Array.from({ length: 12 }, () => pieces[Math.floor(random() * pieces.length)]).join('')
      const expected = Array.from(text, (character) =>
        leftUnseen(character) === undefined ? character : markOf(character),
      ).join('')
      expect(visibleText(text)).to.equal(expected)
      expect(visibleLine(`x${text}x`)).to.equal(`x${expected.replaceAll('\n', '␊')}x`)
    }
  })

  it('names the marks as people know them', () => {
    expect(visibleText('\u0000\u001b[31m\r\u007f\u0085\u00a0\u202e\u{e0041}\ud800')).to.equal(
      '␀␛[31m␍␡\\u{85}\\u{a0}\\u{202e}\\u{e0041}\\u{d800}',
    )
  })

  it('shows a carriage return before a line end, and a tab as an arrow', () => {
    expect(visibleLines('touch x #\rls -la\r\n\tmake\n\n')).to.deep.equal(['touch x #␍ls -la␍', '→   make', ''])
  })

  it('shows the spaces at the ends of a name or path, and its line ends', () => {
    expect(visibleLine('  a b\n ')).to.equal('␠␠a b␊␠')
  })
})
