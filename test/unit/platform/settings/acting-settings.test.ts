/** Which settings fall back to their defaults where an agent could have written them. */
import { expect } from 'chai'
import * as v from 'valibot'
import { refuseActingSettings } from '../../../../src/platform/settings/acting-settings.ts'
import { defaultSettings, settingsSchema } from '../../../../src/platform/settings/settings.ts'

describe('Settings that an agent could have written', () => {
  const parse = (value: object) => v.parse(settingsSchema, value)

  it('keep what limits and lose what acts', () => {
    const given = parse({ codexBin: '/work/evil', peers: { confined: 'post' }, limits: { connections: 5 } })
    expect(refuseActingSettings(given)).to.deep.equal({
      settings: { ...defaultSettings, limits: { ...defaultSettings.limits, connections: 5 } },
      refused: ['codexBin', 'peers.confined'],
    })
  })

  it('are not said to be refused where they only say what holds anyway', () => {
    expect(refuseActingSettings(parse({ codexBin: null, peers: { confined: 'refuse' } })).refused).to.deep.equal([])
  })
})
