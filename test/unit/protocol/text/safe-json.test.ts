/** JSON that moves no terminal. */
import { expect } from 'chai'
import { safeJsonLines } from '../../../../src/commands/output/safe-json-lines.ts'
import { escapeControls, safeJson } from '../../../../src/protocol/text/safe-json.ts'
import { everyUnseen, shownTexts } from '../../../support/samples/unseen-characters.ts'

const C1 = Array.from({ length: 0x20 }, (_, index) => String.fromCodePoint(0x80 + index))
const bidirectional = ['\u061c', '\u200e', '\u200f', ...'\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069']
const moving = [...C1, ...bidirectional, '\u007f', '\u2028', '\u2029', '\u200b', '\ufeff', '\u{e0041}', '\u{e007f}']

describe('Safe JSON', () => {
  it('has what moves a terminal escaped, and every value as it is', () => {
    for (const character of [...everyUnseen(), ...moving, '\n', '\t', ...shownTexts]) {
      const value = { [`k${character}`]: [`${character}${character}`, `"${character}\\`] }
      expect(JSON.parse(safeJson(value))).to.deep.equal(value)
    }
    for (const character of moving) expect(safeJson([character])).to.match(/^\["(\\u[0-9a-f]{4}){1,2}"\]$/)
  })

  it('is made of bytes as it is of text, for every character that there is', () => {
    for (let code = 0; code <= 0x10ffff; code += 1) {
      // Every one where two or three bytes are enough, and of the others every one near to what is escaped.
      if (code > 0x10000 && (code < 0xdfff0 || code > 0xe1010) && code % 97 !== 0) continue
      const value = `a${String.fromCodePoint(code)}é`
      const line = `${JSON.stringify(value)}\n`
      const [ofBytes, ofText] = [String(safeJsonLines(Buffer.from(line))), `${safeJson(value)}\n`]
      if (ofBytes !== ofText) expect(ofBytes, code.toString(16)).to.equal(ofText)
    }
  })

  it('gives bytes back as they are where nothing is to be escaped', () => {
    for (const text of ['{"a":1}\n', '"Größe “x” – 漢字 😀"\n']) {
      const bytes = Buffer.from(text)
      expect(safeJsonLines(bytes)).to.equal(bytes)
    }
  })

  it('escapes in a line that is no JSON all that a terminal obeys', () => {
    expect(escapeControls('at\tx \u001b[2J\r\u009b\u202e')).to.equal('at\tx \\u001b[2J\\u000d\\u009b\\u202e')
  })
})
