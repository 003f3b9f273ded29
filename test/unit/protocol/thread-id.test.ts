import { expect } from 'chai'
import { canonicalThreadId, withCanonicalThread } from '../../../src/protocol/thread-id.ts'

const id = '01a21c5a-4497-7ce1-861b-996ada4d50c7'

describe('A thread’s id', () => {
  it('has one spelling, whichever of a UUID’s is given', () => {
    for (const text of [id, id.toUpperCase(), id.replaceAll('-', ''), `{${id}}`, `urn:uuid:${id}`, `URN:UUID:${id}`])
      expect(canonicalThreadId(text)).to.equal(id)
    for (const text of ['', 'last', id.slice(1), `${id}0`]) expect(canonicalThreadId(text)).to.equal(text)
  })

  it('leaves the parameters of a request alone that has it so, or has none', () => {
    for (const params of [{ threadId: id, x: 1 }, { threadId: 7 }, { x: 1 }])
      expect(withCanonicalThread(params)).to.equal(params)
    expect(withCanonicalThread({ threadId: `{${id}}`, x: 1 })).to.deep.equal({ threadId: id, x: 1 })
  })
})
