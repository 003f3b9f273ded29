/** What the ledger keeps of a thread. */
import { expect } from 'chai'
import type { Thread } from '../../../../src/codex/decoding/upstream-types.ts'
import { factsOf } from '../../../../src/daemon/threads/thread-facts.ts'
import { threadOf } from '../../../support/sites/thread-site.ts'

describe('The facts of a thread', () => {
  for (const [what, said, facts] of [
    ['none but the folder at first', {}, { name: null, cwd: '/', preview: null }],
    ['its name', { name: 'n', cwd: '/w' }, { name: 'n', cwd: '/w', preview: null }],
    ['its first words', { preview: 'hi' }, { name: null, cwd: '/', preview: 'hi' }],
    ['nothing else that Codex says', { model: 'm', gitInfo: {} }, { name: null, cwd: '/', preview: null }],
  ] as const)
    it(`are ${what}`, () => {
      expect(factsOf(threadOf('t', said) as unknown as Thread)).to.deep.equal(facts)
    })
})
