/** Which Codex is run, in which order they are looked for, and what is said when none can be. */

import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { expect } from 'chai'
import { type FindCodexOptions, findCodex } from '../../../../src/codex/binary/find-codex.ts'
import { currentNode } from '../../../../src/platform/processes/stable-path.ts'
import { ShareError } from '../../../../src/protocol/errors.ts'

describe('finding Codex', () => {
  let folder: string
  const at = (...names: string[]) => join(folder, ...names)
  const find = (options: Partial<FindCodexOptions>) => findCodex({ env: {}, cwd: folder, ...options })
  const failure = async (options: Partial<FindCodexOptions>) => {
    const error = await find(options).catch((reason: unknown) => reason)
    if (!(error instanceof ShareError)) throw new Error(`it did not fail, but found ${JSON.stringify(error)}`)
    return {
      name: error.errorName,
      message: error.message.replaceAll(folder, ''),
      hint: error.hint.replaceAll(folder, ''),
    }
  }
  const program = async (path: string, mode = 0o755) => {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, '#!/bin/sh\n')
    await chmod(path, mode)
    return path
  }

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'cs-')))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('takes the flag, then the settings, then the variable, then PATH, then its own package', async () => {
    const all = {
      flag: await program(at('flag')),
      setting: await program(at('setting')),
      env: { CODEX_SHARE_CODEX_BIN: await program(at('variable')), PATH: at('bin') },
      packageFrom: import.meta.url,
    }
    await program(at('bin', 'codex'))
    const { flag: _, ...noFlag } = all
    const { setting: __, ...noSetting } = noFlag
    const onlyPath = { ...noSetting, env: { PATH: at('bin') } }
    const onlyPackage = { ...noSetting, env: { PATH: at('empty') } }
    const found = []
    for (const options of [all, noFlag, noSetting, onlyPath]) {
      const { source, path } = await find(options)
      found.push([source, path])
    }
    expect(found).to.deep.equal([
      ['flag', at('flag')],
      ['settings', at('setting')],
      ['environment', at('variable')],
      ['path', at('bin', 'codex')],
    ])
    expect((await find(onlyPackage)).source).to.equal('package')
  })

  it('refuses what was named and is not there, instead of running another', async () => {
    await program(at('bin', 'codex'))
    expect(await failure({ flag: at('missing'), env: { PATH: at('bin') } })).to.deep.equal({
      name: 'unavailable',
      message: 'The Codex binary /missing, named by --codex-bin, cannot be run: there is no such file.',
      hint: 'Correct --codex-bin. Install Codex (`npm install -g @openai/codex`), or name the binary with --codex-bin or CODEX_SHARE_CODEX_BIN.',
    })
  })

  it('says what is wrong with a folder and with a file that is not executable', async () => {
    await program(at('plain'), 0o644)
    const messages = []
    for (const setting of [folder, at('plain')]) messages.push((await failure({ setting })).message)
    expect(messages).to.deep.equal([
      'The Codex binary , named by the settings file, cannot be run: it is not a file.',
      'The Codex binary /plain, named by the settings file, cannot be run: it is not executable (chmod +x /plain).',
    ])
  })

  it('takes a relative path from the working folder and a bare name from PATH', async () => {
    await program(at('bin', 'codex-next'))
    await program(at('here', 'codex'))
    const env = { PATH: at('bin') }
    expect((await find({ flag: 'here/codex', env })).path).to.equal(at('here', 'codex'))
    expect((await find({ flag: 'codex-next', env })).path).to.equal(at('bin', 'codex-next'))
  })

  it('passes over folders, plain files and relative entries on PATH', async () => {
    await mkdir(at('one', 'codex'), { recursive: true })
    await program(at('two', 'codex'), 0o644)
    await program(at('three', 'codex'))
    await program(at('elsewhere', 'codex'))
    const fromHere = relative(process.cwd(), at('elsewhere'))
    const env = { PATH: ['', '.', fromHere, at('one'), at('two'), at('three')].join(':') }
    expect((await find({ env })).path).to.equal(at('three', 'codex'))
  })

  it('says how to get one when there is none', async () => {
    expect(await failure({ env: { PATH: at('empty') } })).to.deep.equal({
      name: 'unavailable',
      message: 'There is no `codex` on PATH.',
      hint: 'Install Codex (`npm install -g @openai/codex`), or name the binary with --codex-bin or CODEX_SHARE_CODEX_BIN.',
    })
  })

  it('says whose PATH it was, and what changes that', async () => {
    const owner = { path: 'the PATH of the daemon', fix: 'Restart it.' }
    const env = { PATH: at('empty') }
    const { message, hint } = await failure({ env, owner })
    expect(message).to.equal(`There is no \`codex\` on the PATH of the daemon (/empty).`)
    expect(hint).to.match(/^Restart it\. Install Codex/)
    expect((await failure({ env, owner, setting: 'codex-nightly' })).message).to.contain(
      'it is not on the PATH of the daemon (',
    )
  })

  describe('from the npm package', () => {
    const platformPackage = `codex-${process.platform}-${process.arch}`
    const target = `${process.arch === 'x64' ? 'x86_64' : 'aarch64'}-${process.platform === 'linux' ? 'unknown-linux-musl' : 'apple-darwin'}`

    /** Lays the package out under a node_modules, with a link in `bin` to its launcher. */
    const layOut = async (modules: string, { native = true, name = '@openai/codex' } = {}) => {
      const root = join(modules, '@openai', 'codex')
      await program(join(root, 'bin', 'codex.js'))
      await writeFile(join(root, 'package.json'), JSON.stringify({ name }))
      const platformRoot = join(modules, '@openai', platformPackage)
      if (native) {
        await program(join(platformRoot, 'vendor', target, 'bin', 'codex'))
        await writeFile(join(platformRoot, 'package.json'), '{}')
      }
      await mkdir(at('bin'), { recursive: true })
      await symlink(join(root, 'bin', 'codex.js'), at('bin', 'codex'))
      return { root, binary: join(platformRoot, 'vendor', target, 'bin', 'codex') }
    }
    const env = () => ({ PATH: at('bin') })

    it('runs the native binary itself, with what the launcher would add to the environment', async () => {
      const { root, binary } = await layOut(at('lib', 'node_modules'))
      expect(await find({ env: env() })).to.deep.equal({
        source: 'path',
        path: binary,
        args: [],
        env: {
          CODEX_MANAGED_PACKAGE_ROOT: root,
          CODEX_MANAGED_BY_NPM: '1',
          CODEX_MANAGED_BY_BUN: undefined,
          CODEX_MANAGED_BY_PNPM: undefined,
          CODEX_MANAGED_BY_VITE_PLUS: undefined,
        },
      })
    })

    it('leaves the layouts of other package managers to the launcher, on this Node', async () => {
      const { root } = await layOut(at('lib', 'node_modules', '.pnpm', 'codex@1', 'node_modules'))
      expect(await find({ env: env() })).to.deep.equal({
        source: 'path',
        path: currentNode(),
        args: [join(root, 'bin', 'codex.js')],
        env: {},
      })
    })

    it('leaves a missing platform package to the launcher, which says so', async () => {
      const { root } = await layOut(at('lib', 'node_modules'), { native: false })
      expect((await find({ env: env() })).args).to.deep.equal([join(root, 'bin', 'codex.js')])
    })

    it('runs a codex.js of somebody else as it is', async () => {
      await layOut(at('lib', 'node_modules'), { name: 'codex-of-somebody-else' })
      expect(await find({ env: env() })).to.deep.include({ path: at('bin', 'codex'), args: [] })
    })
  })
})
