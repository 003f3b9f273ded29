/** The version that both sides speak. */
import { expect } from 'chai'
import { agreeOnProtocol, protocolVersions } from '../../../src/protocol/version.ts'

describe('The protocol of two sides', () => {
  it('is the highest that both speak, or none', () => {
    const { min, max } = protocolVersions
    const spans = [protocolVersions, { min: 0, max: max + 5 }, { min: max, max: max + 1 }, { min: 0, max: min }]
    expect(spans.map(agreeOnProtocol)).to.deep.equal([max, max, max, min])
    expect([agreeOnProtocol({ min: max + 1, max: max + 2 }), agreeOnProtocol({ min: 0, max: min - 1 })]).to.deep.equal([
      undefined,
      undefined,
    ])
  })
})
