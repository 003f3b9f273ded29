/** Who a stock client's prompt is by, and the warning about what was left out of it. */
import { expect } from 'chai'
import { submitterOf } from '../../../../../src/daemon/codex-socket/rules/stock-submitter.ts'
import { ScriptedSession } from '../../../../support/sites/scripted-session.ts'

describe('The submitter of a stock client’s prompt', () => {
  it('is the client itself, by its name and its process', () => {
    const stock = new ScriptedSession()
    stock.identity = { kind: 'confined', pid: 7 }
    const { author, identity } = submitterOf(stock.session)
    expect({ author, identity }).to.deep.equal({ author: stock.introduction.author, identity: stock.identity })
  })

  it('is warned in the thread of what was left out, rather than refused', () => {
    const stock = new ScriptedSession()
    submitterOf(stock.session).onLeftOut?.('t', 'approvalPolicy "never"')
    const [[what, frame] = []] = stock.log
    expect([what, stock.log.length]).to.deep.equal(['send', 1])
    expect(frame).to.deep.include({
      method: 'warning',
      params: {
        threadId: 't',
        message:
          'codex-share left out approvalPolicy "never": only a person at a terminal loosens the settings of a shared thread.',
      },
    })
  })
})
