/** What people and threads may be called. */
import { expect } from 'chai'
import * as v from 'valibot'
import { methods } from '../../../../src/protocol/methods.ts'
import { faultOfName, nearestName, threadName } from '../../../../src/protocol/text/printable-name.ts'
import { everyUnseen, leftUnseen, shownTexts } from '../../../support/samples/unseen-characters.ts'

const hello = (label: string | undefined, name = 'test') => ({
  clientInfo: { name, version: '0' },
  share: { protocol: { min: 1, max: 1 }, kind: 'script', ...(label === undefined ? {} : { label }) },
})

describe('A name', () => {
  it('is one line of characters that show', () => {
    for (const name of [...shownTexts, 'a', 'ada lovelace', 'x'.repeat(80), '😀'.repeat(80)]) {
      expect(faultOfName(name, 80)).to.equal(undefined)
      expect(v.is(methods.initialize.params, hello(name))).to.equal(true)
      expect(threadName(name)).to.equal(name)
    }
  })

  it('has no character that does not show, wherever it stands', () => {
    const names = [...everyUnseen(), '\n', '\t'].flatMap((character) => [
      `a${character}b`,
      `${character}ab`,
      `ab${character}`,
    ])
    const isRefused = (name: string) =>
      /^it has the character U\+[0-9A-F]{4,6}$/.test(faultOfName(name, 80) ?? '') &&
      !v.is(methods.initialize.params, hello(name))
    expect(names.filter((name) => !isRefused(name))).to.deep.equal([])
    for (const name of names.slice(0, 300))
      expect(() => threadName(name))
        .to.throw('a name is one line')
        .with.property('errorName', 'usage')
  })

  it('is not empty, not too long, and has no blank at its ends', () => {
    const faults = ['', '   ', 'x'.repeat(81), '😀'.repeat(81), ' a', 'a '].map((name) => faultOfName(name, 80))
    const [empty, long, blank] = ['it is empty', 'it has 81 characters', 'it begins or ends with a blank']
    expect(faults).to.deep.equal([empty, empty, long, long, blank, blank])
    for (const name of ['', '   ', 'x'.repeat(81), ' a', 'a '])
      expect(v.is(methods.initialize.params, hello(name))).to.equal(false)
  })

  it('is said to be wrong with the rule', () => {
    const [issue] = v.safeParse(methods.initialize.params, hello('ada\nben')).issues ?? []
    expect(issue?.message).to.equal('a label is one line of 1 to 80 visible characters: it has the character U+000A')
  })

  it('is made of what a program calls itself, where nobody gives one', () => {
    const name = (own: string) => v.parse(methods.initialize.params, hello(undefined, own)).clientInfo.name
    expect([name('codex\n› ada'), name(' \u202e '), name('')]).to.deep.equal(['codex␊› ada', '\\u{202e}', 'unknown'])
    for (const character of everyUnseen()) {
      const near = nearestName(` a${character}${'b'.repeat(100)} ${character}`, 20)
      expect([faultOfName(near, 20), leftUnseen(near)]).to.deep.equal([undefined, undefined])
    }
  })
})
