/** How many values a text has is known before it is parsed. */
import { expect } from 'chai'
import { hasMoreValuesThan } from '../../../../src/protocol/json/count-values.ts'

const pad = ' '.repeat(100)
const hasMore = (most: number, value: unknown) => hasMoreValuesThan(most, Buffer.from(JSON.stringify(value) + pad))

describe('The values of a JSON text', () => {
  it('are counted in lists, objects and levels', () => {
    const values = [[1, 2, 3], { a: 1, b: { c: 2 } }, [[[[]]]], {}]
    // A list or an object counts for itself, and for each value but its first.
    expect(values.map((value) => [1, 2, 3, 4, 5].find((most) => !hasMore(most, value)))).to.deep.equal([4, 4, 5, 2])
  })

  it('are not in strings, whatever those hold', () => {
    const texts = [',,,,,', '[[[[', '"', '\\', '\\"', '\\\\', '",[{\\",[{', 'é,\u2028,🙂', `${'\\"'.repeat(20)},`]
    for (const text of texts) {
      expect(hasMore(2, [text]), text).to.equal(false)
      expect(hasMore(2, [text, text]), text).to.equal(true)
    }
  })

  it('are few where the text ends in the middle of a string', () => {
    for (const text of ['["', '["a,,,,,', '["\\', '["\\",,,,'])
      expect(hasMoreValuesThan(3, Buffer.from(pad + text))).to.equal(false)
  })
})
