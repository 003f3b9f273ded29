/** What is said where two Codex homes are meant. */
import { expect } from 'chai'
import { otherHomeError, otherHomeNotice } from '../../../src/protocol/other-home.ts'

const homes = { caller: '/home/ann/mine', daemon: '/home/ann/the other' }

describe('Another Codex home', () => {
  it('is refused with both folders, and a command that can be copied', () => {
    const { errorName, message, hint, facts } = otherHomeError('turn/start', homes)
    expect({ errorName, message, facts }).to.deep.equal({
      errorName: 'denied',
      message:
        "turn/start is refused: the daemon’s Codex works with CODEX_HOME='/home/ann/the other', and this environment means /home/ann/mine",
      facts: { codexHome: homes },
    })
    expect(hint).to.include("run it with CODEX_HOME='/home/ann/the other'")
  })

  it('is read only, and says why', () => {
    expect(otherHomeNotice(homes)).to.equal(
      "Read-only: the daemon’s Codex works with CODEX_HOME='/home/ann/the other', and this environment means /home/ann/mine.",
    )
  })
})
