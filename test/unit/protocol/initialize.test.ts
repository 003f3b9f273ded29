/** What a peer may say of itself in the handshake. */
import { expect } from 'chai'
import * as v from 'valibot'
import { initializeMethod } from '../../../src/protocol/initialize.ts'

const protocol = { min: 1, max: 2 }
const clientInfo = { name: 'notebook', version: '1.0' }
const read = (share: object, client: object = {}) =>
  v.safeParse(initializeMethod.params, {
    clientInfo: { ...clientInfo, ...client },
    share: { protocol, kind: 'ui', ...share },
  })

describe('The handshake of a peer', () => {
  it('keeps what is Codex’s own, and of our part what is known', () => {
    const share = { protocol, kind: 'ssh', label: 'ann', pid: 7, readOnly: true, answers: false, codexHome: '/home' }
    const client = { ...clientInfo, title: 'Notebook' }
    const capabilities = { experimentalApi: true }
    const given = { clientInfo: client, capabilities, share: { ...share, colour: 'red' } }
    expect(v.parse(initializeMethod.params, given)).to.deep.equal({ clientInfo: client, capabilities, share })
  })

  it('needs no more than the protocol and the kind', () => {
    expect(read({}).output).to.deep.equal({ clientInfo, share: { protocol, kind: 'ui' } })
  })

  const refused: readonly (readonly [fault: string, share: object])[] = [
    ['a kind that nobody knows', { kind: 'robot' }],
    ['a protocol without its span', { protocol: 1 }],
    ['a process id in words', { pid: '7' }],
    ['a flag that is no flag', { readOnly: 'yes' }],
  ]
  for (const [fault, share] of refused) {
    it(`is refused for ${fault}`, () => {
      expect(read(share).success).to.equal(false)
    })
  }

  it('is refused for a label that does not show what it is, with the rule and the fault', () => {
    const rule = 'a label is one line of 1 to 80 visible characters: '
    const faults = {
      ' ': 'it is empty',
      [`${'x'.repeat(81)}`]: 'it has 81 characters',
      'an\u202en': 'it has the character U+202E',
      'two\nlines': 'it has the character U+000A',
      'ann ': 'it begins or ends with a blank',
    }
    const found = Object.keys(faults).map((label) => read({ label }).issues?.map(({ message }) => message))
    expect(found).to.deep.equal(Object.values(faults).map((fault) => [rule + fault]))
  })

  it('makes a program’s name fit rather than refuse it', () => {
    const names = ['my\tnotebook ', 'x'.repeat(100), ' ', '']
    const made = names.map((name) => v.parse(initializeMethod.params.entries.clientInfo.entries.name, name))
    expect(made).to.deep.equal(['my→   notebook', 'x'.repeat(80), 'unknown', 'unknown'])
  })
})
