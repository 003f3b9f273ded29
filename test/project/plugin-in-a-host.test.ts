/** The package as a plugin of another oclif program: a small one, made here, that has our commands beside its own. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'chai'

const root = path.join(import.meta.dirname, '../..')

const hostPackage = {
  name: 'host',
  version: '1.0.0',
  dependencies: { 'codex-share': '*' },
  oclif: { bin: 'host', dirname: 'host', topicSeparator: ' ', plugins: ['codex-share'] },
}

describe('Another oclif program with us as a plugin', () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'codex-share-host-'))
    mkdirSync(path.join(folder, 'node_modules/@oclif'), { recursive: true })
    symlinkSync(root, path.join(folder, 'node_modules/codex-share'))
    symlinkSync(path.join(root, 'node_modules/@oclif/core'), path.join(folder, 'node_modules/@oclif/core'))
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify(hostPackage))
    writeFileSync(path.join(folder, 'run.cjs'), `require('@oclif/core').execute({ dir: __dirname })`)
  })
  after(() => rmSync(folder, { recursive: true }))

  function host(...args: string[]) {
    const env = { ...process.env, XDG_CACHE_HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder }
    const command = [path.join(folder, 'run.cjs'), ...args]
    const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8', env })
    return { status, stdout, stderr }
  }

  it('shows the topic `share` with its commands', () => {
    const { status, stdout, stderr } = host('share', '--help')
    expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '' })
    expect(stdout).to.match(/^ {2}\$ host share COMMAND$/m)
    for (const verb of ['get', 'list', 'post', 'start', 'stop', 'tail']) {
      expect(stdout).to.match(new RegExp(`^ {2}share ${verb} `, 'm'))
    }
  })

  it('runs them, from the built bundle', () => {
    const { status, stderr } = host('share', 'list', '--no-such-flag')
    expect(status).to.equal(2)
    expect(stderr).to.match(/there is no flag --no-such-flag/)
  })

  it('is given no other plugins with us', () => {
    expect(host('autocomplete').stderr).to.match(/command autocomplete not found/)
  })
})
