/** What a stock client has said of itself. */
import { expect } from 'chai'
import { ClientIntroduction } from '../../../../src/daemon/codex-socket/client-introduction.ts'
import { longestLabel } from '../../../../src/protocol/text/printable-name.ts'
import { clientRequest } from '../../../support/sites/scripted-session.ts'

describe('The introduction of a stock client', () => {
  const cases: readonly (readonly [string, unknown, string])[] = [
    ['its name and its id', 'codex-tui', 'codex-tui p1'],
    ['codex for an empty one', '', 'codex p1'],
    ['no more than fits', 'x'.repeat(1000), `${'x'.repeat(longestLabel - 3)} p1`],
    ['codex for none', undefined, 'codex p1'],
  ]
  for (const [what, name, label] of cases)
    it(`makes its label of ${what}`, () => {
      const introduction = new ClientIntroduction('p1', 7)
      expect(introduction.author).to.deep.equal({ label: 'p1', kind: 'codex', pid: 7 })
      introduction.onInitialize(clientRequest('initialize', { clientInfo: { name } }))
      expect(introduction.author).to.deep.equal({ label, kind: 'codex', pid: 7 })
    })

  it('keeps what was said first', () => {
    const introduction = new ClientIntroduction('p1', null)
    for (const n of [1, 2]) introduction.onInitialize(clientRequest('initialize', { n }))
    for (const folder of ['/one', '/two']) introduction.noteFolder(folder)
    expect([introduction.hello?.params, introduction.folder]).to.deep.equal([{ n: 1 }, '/one'])
  })
})
