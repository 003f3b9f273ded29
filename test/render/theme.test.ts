/** Whether colours are used. */
import { expect } from 'chai'
import { wantsColour } from '../../src/render/theme.ts'

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
})
