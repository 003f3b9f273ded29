/** The settings file, as people and their editors write it. */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { defaultSettings, readSettings } from '../../../../src/platform/settings/settings.ts'
import { makeScratch } from '../../../support/scratch.ts'

describe('The settings file', () => {
  it('may begin with a byte order mark, as some editors put there', () => {
    const { dir } = makeScratch()
    const file = join(dir, 'config.json')
    writeFileSync(file, '\uFEFF{ "retention": { "days": 7 } }')
    const { retention } = readSettings(file)
    rmSync(dir, { recursive: true })
    expect(retention).to.deep.equal({ ...defaultSettings.retention, days: 7 })
  })
})
