import { lstatSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { writeSetting } from '../../../../src/platform/settings/write-setting.ts'

describe('Writing a setting', () => {
  let dir: string
  let file: string
  const read = () => JSON.parse(readFileSync(file, 'utf8'))

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'codex-share-settings-'))
    file = join(dir, 'config', 'config.json')
  })
  afterEach(() => rmSync(dir, { recursive: true }))

  it('makes the file, and takes the setting out again with its default', async () => {
    await writeSetting(file, 'adopt', true)
    expect(read()).to.deep.equal({ adopt: true })
    await writeSetting(file, 'adopt', false)
    expect(read()).to.deep.equal({})
  })

  it('leaves the others as they are, and a link a link', async () => {
    const real = join(dir, 'real.json')
    file = join(dir, 'config.json')
    symlinkSync(real, file)
    writeFileSync(real, '\uFEFF{"log": {"level": "debug"}}')
    await writeSetting(file, 'adopt', true)
    expect(read()).to.deep.equal({ log: { level: 'debug' }, adopt: true })
    expect(lstatSync(file).isSymbolicLink()).to.equal(true)
  })

  it('touches nothing where it is set already, or the file is broken', async () => {
    file = join(dir, 'config.json')
    const text = '{ "adopt": true   }'
    writeFileSync(file, text)
    await writeSetting(file, 'adopt', true)
    expect(readFileSync(file, 'utf8')).to.equal(text)
    writeFileSync(file, '{"adopt": ')
    const error = await writeSetting(file, 'adopt', true).catch((thrown: unknown) => thrown)
    expect(error).to.include({ errorName: 'usage' })
    expect(readFileSync(file, 'utf8')).to.equal('{"adopt": ')
  })
})
