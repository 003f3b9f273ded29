/** Paths that an upgrade takes away are named by a link that leads to the same, in folders as package managers lay them out. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { stablePath } from '../../../../src/platform/processes/stable-path.ts'

describe('the path that outlives an upgrade', () => {
  let root: string
  const at = (path: string) => join(root, path)
  const file = (path: string) => {
    mkdirSync(dirname(at(path)), { recursive: true })
    writeFileSync(at(path), '')
  }
  const link = (path: string, to: string) => {
    mkdirSync(dirname(at(path)), { recursive: true })
    symlinkSync(to, at(path))
  }
  const stable = (path: string) => stablePath(at(path)).replace(`${root}/`, '')

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'cs-')))
  })
  afterEach(() => rmSync(root, { recursive: true }))

  it('is Homebrew’s link to the formula, also to a versioned one, and for whatever is in it', () => {
    for (const formula of ['node', 'node@22']) {
      file(`brew/Cellar/${formula}/22.1.0_1/bin/node`)
      file(`brew/Cellar/${formula}/22.1.0_1/lib/node_modules/codex-share/bin/run.js`)
      link(`brew/opt/${formula}`, `../Cellar/${formula}/22.1.0_1`)
    }
    expect([
      stable('brew/Cellar/node/22.1.0_1/bin/node'),
      stable('brew/Cellar/node@22/22.1.0_1/bin/node'),
      stable('brew/Cellar/node@22/22.1.0_1/lib/node_modules/codex-share/bin/run.js'),
      stable('brew/Cellar/node/22.1.0_1/bin'),
    ]).to.deep.equal([
      'brew/opt/node/bin/node',
      'brew/opt/node@22/bin/node',
      'brew/opt/node@22/lib/node_modules/codex-share/bin/run.js',
      'brew/opt/node/bin',
    ])
  })

  it('is the command of a cask', () => {
    file('brew/Caskroom/codex/1.71.0/codex-aarch64-apple-darwin')
    link('brew/bin/codex', '../Caskroom/codex/1.71.0/codex-aarch64-apple-darwin')
    expect(stable('brew/Caskroom/codex/1.71.0/codex-aarch64-apple-darwin')).to.equal('brew/bin/codex')
  })

  it('is the link of mise to a major version, and of pnpm to a package', () => {
    file('mise/installs/node/24.1.0/bin/node')
    link('mise/installs/node/24', './24.1.0')
    const inStore = (folder: string) => `${folder}/.pnpm/codex-share@0.1.0/node_modules/codex-share`
    for (const [folder, modules] of [
      ['pnpm/global/5', 'pnpm/global/5/node_modules'],
      ['project/node_modules', 'project/node_modules'],
    ] as const) {
      file(`${inStore(folder)}/bin/run.js`)
      link(`${modules}/codex-share`, at(inStore(folder)))
    }
    expect([
      stable('mise/installs/node/24.1.0/bin/node'),
      stable(`${inStore('pnpm/global/5')}/bin/run.js`),
      stable(`${inStore('project/node_modules')}/bin/run.js`),
    ]).to.deep.equal([
      'mise/installs/node/24/bin/node',
      'pnpm/global/5/node_modules/codex-share/bin/run.js',
      'project/node_modules/codex-share/bin/run.js',
    ])
  })

  it('is never one that leads elsewhere, or nowhere', () => {
    file('brew/Cellar/node/24.1.0/bin/node')
    file('brew/Cellar/node/24.2.0/bin/node')
    expect(stable('brew/Cellar/node/24.1.0/bin/node')).to.equal('brew/Cellar/node/24.1.0/bin/node')
    link('brew/opt/node', '../Cellar/node/24.2.0')
    expect(stable('brew/Cellar/node/24.1.0/bin/node')).to.equal('brew/Cellar/node/24.1.0/bin/node')
  })

  it('is that of the successor where an upgrade has come already', () => {
    file('brew/Cellar/node/24.2.0/bin/node')
    link('brew/opt/node', '../Cellar/node/24.2.0')
    expect(stable('brew/Cellar/node/24.1.0/bin/node')).to.equal('brew/opt/node/bin/node')
  })

  it('is the real one of what fnm has for one shell', () => {
    file('fnm/node-versions/v24.1.0/installation/bin/codex')
    link('state/fnm_multishells/123_456', at('fnm/node-versions/v24.1.0/installation'))
    link('T/fnm_multishell_65759_1603', at('fnm/node-versions/v24.1.0/installation'))
    for (const shell of ['state/fnm_multishells/123_456', 'T/fnm_multishell_65759_1603'])
      expect(stable(`${shell}/bin/codex`)).to.equal('fnm/node-versions/v24.1.0/installation/bin/codex')
    expect(stable('state/fnm_multishells/9_9/bin')).to.equal('state/fnm_multishells/9_9/bin')
  })

  it('is the path itself where that stays: a link of the person’s own, or a version that no upgrade removes', () => {
    for (const path of ['nvm/versions/node/v24.1.0/bin/node', 'volta/tools/image/node/24.1.0/bin/node']) {
      file(path)
      expect(stable(path)).to.equal(path)
    }
    file('brew/Cellar/codex/1.71.0/bin/codex')
    link('bin/codex', at('brew/Cellar/codex/1.71.0/bin/codex'))
    expect(stable('bin/codex')).to.equal('bin/codex')
    expect(stablePath('1')).to.equal('1')
  })
})
