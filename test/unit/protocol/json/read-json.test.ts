/** JSON of other programs: what is missing, or of another kind, counts as absent. */
import { expect } from 'chai'
import {
  isObject,
  listOf,
  memberOf,
  numberOf,
  objectIn,
  objectOf,
  parseJsonObject,
  textIn,
  textOf,
} from '../../../../src/protocol/json/read-json.ts'

const values = [undefined, null, 7, 'x', true, ['a'], { a: 'b' }]

describe('A value of JSON', () => {
  it('is read as one kind, and anything else as none of it', () => {
    expect(values.map(isObject)).to.deep.equal([false, false, false, false, false, false, true])
    expect(values.map(objectOf)).to.deep.equal([{}, {}, {}, {}, {}, {}, { a: 'b' }])
    expect(values.map(listOf)).to.deep.equal([[], [], [], [], [], ['a'], []])
    expect(values.map(textOf)).to.deep.equal(['', '', '', 'x', '', '', ''])
    expect([...values, Number.NaN, Number.POSITIVE_INFINITY].map(numberOf)).to.deep.equal([
      ...[null, null, 7, null, null, null, null],
      ...[null, null],
    ])
  })

  it('has a member only where it has members, and it is of that kind', () => {
    expect(values.map((value) => memberOf(value, 'a'))).to.deep.equal([...values.slice(0, 6).map(() => undefined), 'b'])
    const object = { text: 'x', object: { a: 1 }, list: [1], none: null }
    expect(Object.keys(object).map((name) => textIn(object, name))).to.deep.equal(['x', null, null, null])
    expect(Object.keys(object).map((name) => objectIn(object, name))).to.deep.equal([null, { a: 1 }, null, null])
    expect([textIn(null, 'a'), objectIn(undefined, 'a')]).to.deep.equal([null, null])
  })

  it('is parsed where it is an object', () => {
    expect(['{"a":1}', '[]', '"x"', 'null', '{', ''].map(parseJsonObject)).to.deep.equal([
      { a: 1 },
      ...Array.from({ length: 5 }, () => undefined),
    ])
  })
})
