/** Which Codex would be started now. */
import { appendFileSync, chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { oldestCodex } from '../../../../src/codex/binary/codex-version.ts'
import { InstalledCodex } from '../../../../src/codex/binary/installed-codex.ts'

describe('The Codex that is installed', () => {
  let folder: string
  let runs: string

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'codex-share-installed-'))
    runs = join(folder, 'runs')
    writeFileSync(runs, '')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const path = () => join(folder, 'codex')
  const install = (version: string) => {
    writeFileSync(path(), `#!/bin/sh\necho run >> '${runs}'\necho 'codex-cli ${version}'\n`)
    chmodSync(path(), 0o755)
  }
  const timesRun = () => readFileSync(runs, 'utf8').split('\n').length - 1
  const installed = () =>
    new InstalledCodex({ find: async () => ({ path: path(), args: [], env: {}, source: 'path' }), env: process.env })

  it('is asked once, and again when it is another program', async () => {
    const codex = installed()
    install(oldestCodex)
    expect([await codex.version(), await codex.version()]).to.deep.equal([oldestCodex, oldestCodex])
    expect(timesRun()).to.equal(1)
    install('99.1.0')
    appendFileSync(path(), '# of another size\n')
    expect(await codex.version()).to.equal('99.1.0')
    expect(timesRun()).to.equal(2)
  })

  it('is none where there is none, where it is too old, or where it does not run, until that is mended', async () => {
    const codex = installed()
    expect(await codex.version()).to.equal(null)
    install('0.1.0')
    expect(await codex.version()).to.equal(null)
    install(oldestCodex)
    expect(await codex.version()).to.equal(oldestCodex)
  })
})
