/** The forms of a text that are looked for in the ledger. */
import { expect } from 'chai'
import { storedForms } from '../../../../src/ledger/forget/stored-text.ts'

/** As a program writes JSON in which all but ASCII is escaped. */
const asciiJson = (text: string) =>
  JSON.stringify(text).replaceAll(/[^ -~]/g, (unit) => `\\u${`000${unit.charCodeAt(0).toString(16)}`.slice(-4)}`)

describe('The stored forms of a text', () => {
  const texts = ['plain words', 'say "hush"', 'C:\\keys', 'two\nlines', '\u0007', 'grün', '🔑 key', '\u2028', '\ud83d']
  const stored: readonly (readonly [where: string, body: (text: string) => object])[] = [
    ['as people wrote it', (text) => ({ text: `so: ${text}.` })],
    ['in the JSON of a program', (text) => ({ arguments: JSON.stringify({ cmd: `so: ${text}.` }) })],
    ['in JSON of ASCII only', (text) => ({ output: asciiJson(`so: ${text}.`) })],
    ['in JSON in JSON', (text) => ({ arguments: JSON.stringify({ input: JSON.stringify([text]) }) })],
  ]
  for (const [where, body] of stored) {
    it(`find it ${where}`, () => {
      const missed = texts.filter(
        (text) => !storedForms(text).some((form) => JSON.stringify(body(text)).includes(form)),
      )
      expect(missed).to.deep.equal([])
    })
  }

  it('do not find what is only like it', () => {
    const body = JSON.stringify({ text: 'Grün, gruen, gr\\u00f6n' })
    expect(storedForms('grün').filter((form) => body.includes(form))).to.deep.equal([])
  })

  it('are each looked for once', () => {
    expect(storedForms('plain words')).to.deep.equal(['plain words'])
    expect(storedForms('a"b')).to.deep.equal(['a\\"b', 'a\\\\\\"b', 'a\\\\\\\\\\\\\\"b'])
  })
})
