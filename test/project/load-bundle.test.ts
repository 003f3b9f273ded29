/** bin/load-bundle.js: compiled code is used where it fits and may be trusted, and is never needed. */
import { execFile } from 'node:child_process'
import { chmodSync, globSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'

const loader = path.join(import.meta.dirname, '../../bin/load-bundle.js')

describe('Loading a bundle', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'codex-share-bundle-'))
    writeFileSync(path.join(folder, 'one.cjs'), bundleText('1'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  function bundleText(answer: string): string {
    const code = `exports.answer = () => ${answer}; exports.other = () => require('./two.cjs').answer(); exports.path = require('node:path')`
    return `// ${answer.repeat(16).slice(0, 16)}\n${code}\n`
  }

  /** What `use` (an expression on the bundle `b`) gives in a process of its own. */
  async function run(use: string, cacheDir = path.join(folder, 'cache')): Promise<string> {
    const script = `const b = require(${JSON.stringify(loader)})(${JSON.stringify(path.join(folder, 'one.cjs'))}); console.log(${use})`
    const env = { ...process.env, CODEX_SHARE_CACHE_DIR: cacheDir }
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--eval', script], { env })
    return stdout.trim() + stderr
  }

  const personalCaches = () => globSync('cache/code/*', { cwd: folder }).map((file) => path.join(folder, file))

  it('gives its exports, with modules of Node and the bundles beside it', async () => {
    writeFileSync(path.join(folder, 'two.cjs'), bundleText('2'))
    expect(await run('b.answer() + b.other() + b.path.sep')).to.equal('3/')
    expect(personalCaches().map((file) => path.basename(file).split('-')[0])).to.have.members(['one.cjs', 'two.cjs'])
  })

  it('leaves compiled code for the next run, readable by the user alone, and uses it', async () => {
    await run('b.answer()')
    const [file = ''] = personalCaches()
    const left = statSync(file)
    expect(left.mode & 0o777).to.equal(0o600)
    expect(await run('b.answer()')).to.equal('1')
    expect(statSync(file).ino).to.equal(left.ino)
  })

  it('does not run compiled code that somebody else could have written', async () => {
    await run('b.answer()')
    const [file = ''] = personalCaches()
    const left = statSync(file)
    chmodSync(file, 0o622)
    expect(await run('b.answer()')).to.equal('1')
    expect(statSync(file).ino).not.to.equal(left.ino)
  })

  it('does not take compiled code of another build, and removes it', async () => {
    await run('b.answer()')
    writeFileSync(path.join(folder, 'one.cjs'), bundleText('5'))
    expect(await run('b.answer()')).to.equal('5')
    expect(personalCaches()).to.have.length(1)
  })

  it('uses its own where the compiled code that came with the bundle does not fit', async () => {
    writeFileSync(path.join(folder, 'one.cjs.cache'), 'damaged')
    expect(await run('b.answer()')).to.equal('1')
    const [file = ''] = personalCaches()
    const left = statSync(file)
    expect(await run('b.answer()')).to.equal('1')
    expect(statSync(file).ino).to.equal(left.ino)
  })

  it('leaves nothing half done where its place is taken', async () => {
    await run('b.answer()')
    const [file = ''] = personalCaches()
    rmSync(file)
    mkdirSync(path.join(file, 'in the way'), { recursive: true })
    expect(await run('b.answer()')).to.equal('1')
    expect(personalCaches()).to.deep.equal([file])
  })

  it('works with damaged compiled code, and without a place to leave any', async () => {
    writeFileSync(path.join(folder, 'one.cjs.cache'), 'damaged')
    expect(await run('b.answer()', path.join(folder, 'one.cjs'))).to.equal('1')
  })
})
