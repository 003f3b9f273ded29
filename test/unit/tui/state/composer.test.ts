/** Editing, key by key. */
import { expect } from 'chai'
import {
  type Composer,
  type Edit,
  type EditName,
  edit,
  emptyComposer,
  stash,
} from '../../../../src/tui/state/composer.ts'

const at = (text: string): Composer => ({ ...emptyComposer, text: text.replace('|', ''), cursor: text.indexOf('|') })
const shown = ({ text, cursor }: Composer) => `${text.slice(0, cursor)}|${text.slice(cursor)}`
const all = (composer: Composer, ...names: EditName[]) =>
  names.reduce((before, name) => edit(before, { edit: name } as Edit), composer)

describe('The composer', () => {
  const cases: readonly (readonly [string, EditName, string])[] = [
    ['ab|c', 'backspace', 'a|c'],
    ['|abc', 'backspace', '|abc'],
    ['a👨‍👩‍👧|b', 'backspace', 'a|b'],
    ['ae\u0301|', 'backspace', 'a|'],
    ['日本|', 'left', '日|本'],
    ['a\n|b', 'backspace', 'a|b'],
    ['a|\nb', 'delete', 'a|b'],
    ['one two|', 'deleteWord', 'one |'],
    ['one.two()|', 'deleteWord', 'one.two|'],
    ['one two|', 'wordLeft', 'one |two'],
    ['|one two', 'wordRight', 'one| two'],
    ['a\nbc|d', 'home', 'a\n|bcd'],
    ['a\n|bcd\ne', 'end', 'a\nbcd|\ne'],
    ['a\nbc|d', 'deleteToStart', 'a\n|d'],
    ['a|bc\nd', 'deleteToEnd', 'a|\nd'],
    ['abc\nde|f', 'up', 'ab|c\ndef'],
    ['abc|\nd', 'down', 'abc\nd|'],
    ['abc\nd|\nefg', 'down', 'abc\nd\ne|fg'],
    ['a|b', 'clear', '|'],
  ]
  for (const [before, name, after] of cases) {
    it(`makes “${after}” of “${before}” with ${name}`.replaceAll('\n', '⏎'), () => {
      expect(shown(all(at(before), name))).to.equal(after)
    })
  }

  it('takes what is pasted as it is, with every kind of line end made one', () => {
    expect(shown(edit(at('a|b'), { edit: 'insert', text: '1\r\n2\r3' }))).to.equal('a1\n2\n3|b')
  })

  it('takes 100 kB and goes on editing at once', () => {
    const big = edit(emptyComposer, { edit: 'insert', text: 'word '.repeat(20_000) })
    const started = performance.now()
    all(big, 'backspace', 'left', 'wordLeft', 'home', 'end', 'deleteWord')
    expect(performance.now() - started).to.be.lessThan(50)
  })

  it('goes back through what was sent, and forward to the draft again', () => {
    const two = stash({ ...stash({ ...emptyComposer, text: 'first' }), text: 'second' })
    const drafting = { ...two, text: 'draft', cursor: 5 }
    expect(all(drafting, 'up').text).to.equal('second')
    expect(all(drafting, 'up', 'up', 'up').text).to.equal('first')
    expect(all(drafting, 'up', 'up', 'down', 'down').text).to.equal('draft')
  })

  it('has what was put away where it is looked for', () => {
    const away = all({ ...emptyComposer, text: 'for later', cursor: 9 }, 'putAway')
    expect([away.text, all(away, 'up').text]).to.deep.equal(['', 'for later'])
  })

  it('remembers a prompt once, as the newest', () => {
    let again = emptyComposer
    for (const text of ['a', 'b', 'a']) again = stash({ ...again, text })
    expect(again.history).to.deep.equal(['b', 'a'])
  })
})
