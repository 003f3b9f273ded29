/** Text from models and commands, made harmless. */
import { expect } from 'chai'
import { outputLines, proseLine, proseText } from '../../../../src/render/terminal/prose-text.ts'

describe('Prose', () => {
  it('takes escape sequences out and shows every other control character', () => {
    const cases = {
      'plain\ttext\n': 'plain\ttext\n',
      'two\r\nlines': 'two\nlines',
      '\u001b[1;31mred\u001b[0m': 'red',
      '\u001b]8;;http://x\u0007link\u001b]8;;\u0007': 'link',
      'bell\u0007 nul\u0000 del\u007f': 'bell␇ nul␀ del␡',
      'half an escape \u001b': 'half an escape ␛',
      'right\u202eleft': 'right\\u{202e}left',
    }
    for (const [text, safe] of Object.entries(cases)) expect(proseText(text)).to.equal(safe)
  })

  it('stays harmless when a sequence comes in two pieces', () => {
    expect(proseText('a\u001b') + proseText('[2Jb')).to.equal('a␛[2Jb')
  })

  it('leaves the characters alone that emoji and scripts are made with', () => {
    const flag = '\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}'
    const texts = ['👩‍💻 ❤️ 👨‍👩‍👧', flag, 'می‌خواهم', 'क्‍ष', '葛\u{e0100}', 'ก\u200bข', 'a\u00a0b']
    for (const text of texts) expect(proseText(text)).to.equal(text)
  })

  it('shows what hides text in it: tags outside of a flag, annotations, operators that nobody sees', () => {
    expect(proseText('a\u{e0041}\u{e007f} \ufff9b\ufffbc \u2062 \ufeff \ud800')).to.equal(
      'a\\u{e0041}\\u{e007f} \\u{fff9}b\\u{fffb}c \\u{2062} \\u{feff} \\u{d800}',
    )
  })

  it('puts a sentence on one line', () => {
    expect(proseLine(' a\n\tb\r\nc ')).to.equal('a b c')
  })

  it('shows of an overwritten line only its last state', () => {
    expect(outputLines('10%\r50%\r100%\nnext\r\n\n')).to.deep.equal(['100%', 'next'])
  })
})
