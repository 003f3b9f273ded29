/** Columns on a terminal. */
import { expect } from 'chai'
import { displayWidth, padToWidth, truncateToWidth } from '../../../../src/render/terminal/display-width.ts'

describe('The width of text', () => {
  it('counts wide characters twice and combining ones not at all', () => {
    const widths = { plain: 5, 漢字: 4, 'e\u0301': 1, '👩‍👩‍👧': 2, 한글: 4, ＡＢ: 4, '\u200b': 0, '…': 1 }
    for (const [text, width] of Object.entries(widths)) expect([text, displayWidth(text)]).to.deep.equal([text, width])
  })

  it('counts a cluster as the terminal draws it', () => {
    const widths = {
      हिन्दी: 4,
      कि: 2,
      தமிழ்: 4,
      ภาษาไทย: 7,
      น้ำ: 1,
      '👩🏽‍💻': 2,
      '👨‍👩‍👧‍👦': 2,
      '🏳️‍🌈': 2,
      '❤️': 2,
      '❤': 1,
      '☝🏽': 2,
      '1️⃣': 2,
      '1⃣': 2,
      '™️': 2,
      '🇩🇪': 2,
      '🇩🇪🇯🇵': 4,
      '🇩': 1,
      한: 2,
      ᄀ가: 4,
      ᅡ: 1,
      ｶﾞ: 2,
      が: 2,
      '䷀': 2,
      '𝌆': 2,
      𗀀: 2,
      𠀋: 2,
      ﷺ: 1,
      '́': 0,
      '‍': 0,
      '️': 0,
      '­': 0,
      a️: 1,
    }
    for (const [text, width] of Object.entries(widths)) expect([text, displayWidth(text)]).to.deep.equal([text, width])
  })

  it('cuts to fit without cutting a character in two', () => {
    expect(['abcdef', 'abc', '漢字漢字', '漢字'].map((text) => truncateToWidth(text, 4))).to.deep.equal([
      'abc…',
      'abc',
      '漢…',
      '漢字',
    ])
  })

  it('pads by columns', () => {
    expect(padToWidth('漢', 4)).to.equal('漢  ')
  })
})
