/** Whether colours are used. */
import { expect } from 'chai'
import { createPaint, type Look, wantsColour } from '../../../../src/render/terminal/theme.ts'

describe('Colours', () => {
  it('are used on a terminal, unless the environment says otherwise', () => {
    const decide = (isTerminal: boolean, env: Record<string, string>) => wantsColour({ isTerminal, env })
    expect({
      terminal: decide(true, { TERM: 'xterm' }),
      pipe: decide(false, { TERM: 'xterm' }),
      dumb: decide(true, { TERM: 'dumb' }),
      noColor: decide(true, { NO_COLOR: '1' }),
      noColorEmpty: decide(true, { NO_COLOR: '' }),
      forced: decide(false, { FORCE_COLOR: '1', NO_COLOR: '1' }),
      forcedOff: decide(true, { FORCE_COLOR: '0' }),
    }).to.deep.equal({
      terminal: true,
      pipe: false,
      dumb: false,
      noColor: false,
      noColorEmpty: true,
      forced: true,
      forcedOff: false,
    })
  })

  it('are those of the terminal, and of these only what is readable on light and dark alike', () => {
    const looks: Record<Look, number[]> = {
      person: [],
      codex: [35],
      quiet: [],
      command: [],
      added: [32],
      removed: [31],
      hunk: [35],
      good: [32],
      bad: [31],
      caution: [],
      heading: [],
    }
    const paint = createPaint(true)
    for (const [look, colours] of Object.entries(looks)) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for
      const codes = [...paint(look as Look, 'x').matchAll(/\u001b\[([\d;]+)m/g)].map(([, code]) => code)
      const attributes = ['1', '2', '22', '39']
      expect(codes.filter((code) => !attributes.includes(code ?? '')).map(Number), look).to.deep.equal(colours)
    }
  })
})
