/** The package as people get it: packed, installed globally into an empty place, and started from there. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { findCodex } from '../../../src/codex/binary/find-codex.ts'
import { makeScratch, type Scratch } from '../../support/scratch.ts'

const root = join(import.meta.dirname, '../../..')
const mega = 1024 * 1024

/** Every file that may be in it; a bundle of the UI's has its hash in its name. */
const expected = [
  /^bin\/(run\.js|own-node\.js|load-bundle\.js|package\.json)$/,
  /^dist\/(cli|daemon)\.cjs(\.cache)?$/,
  /^dist\/tui(-[A-Z0-9]+)?\.mjs$/,
  /^service\/systemd\/(codex-share(-app-server)?\.(service|socket)|hardening\.conf)$/,
  /^service\/launchd\/codex-share\.(daemon|app-server)\.plist$/,
  /^service\/shell\/init\.(bash|zsh|fish)$/,
  /^(package|oclif\.manifest)\.json$/,
  /^(README\.md|LICENSE)$/,
]

describe('The npm package', function () {
  this.timeout(180_000)
  let scratch: Scratch
  let packed: { filename: string; size: number; unpackedSize: number; files: { path: string }[] }

  before(() => {
    scratch = makeScratch()
    const json = npm(['pack', '--ignore-scripts', '--json', '--pack-destination', scratch.dir], root)
    packed = JSON.parse(json)[0]
  })

  after(() => scratch.remove())

  /** With all that the machine tells its npm: certificates, proxies, settings. Where no registry answers it says so soon. */
  function npm(args: readonly string[], cwd: string): string {
    const soon = ['--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-timeout=30000', '--loglevel=error']
    const { status, stdout, stderr, error } = spawnSync('npm', [...args, ...soon, '--no-fund', '--no-audit'], {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 120_000,
    })
    if (status !== 0) throw new Error(`npm ${args[0]} ended with ${status ?? error?.message}:\n${stderr}`)
    return stdout
  }

  it('has what it needs, and nothing else', () => {
    const paths = packed.files.map(({ path }) => path)
    expect(paths.filter((path) => !expected.some((pattern) => pattern.test(path)))).to.deep.equal([])
    expect(expected.filter((pattern) => !paths.some((path) => pattern.test(path)))).to.deep.equal([])
    expect(packed.size).to.be.below(2.5 * mega)
    expect(packed.unpackedSize).to.be.below(8 * mega)
  })

  it('installs without running a script, and starts from there', async () => {
    const prefix = join(scratch.dir, 'prefix')
    npm(
      [
        'install',
        '--global',
        '--ignore-scripts',
        '--prefer-offline',
        '--prefix',
        prefix,
        join(scratch.dir, packed.filename),
      ],
      scratch.dir,
    )
    const program = join(prefix, 'bin/codex-share')
    const codex = await findCodex({ env: process.env, packageFrom: import.meta.url, cwd: root })
    const env = {
      ...scratch.env,
      PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
      CODEX_SHARE_CODEX_BIN: codex.path,
    }
    const run = (...args: string[]) => execFileSync(program, args, { cwd: scratch.dir, encoding: 'utf8', env })
    expect(run('--version')).to.match(/^codex-share\/\d/)
    expect(run('--help')).to.include('share')
    try {
      expect(run('daemon', 'start')).to.match(/^Started: pid \d+/)
      expect(JSON.parse(run('list', '--json'))).to.deep.equal([])
      expect(run('service', 'install', '--dry-run')).to.include(
        `${prefix}/lib/node_modules/codex-share/bin/run.js daemon run`,
      )
    } finally {
      run('daemon', 'stop', '--all')
    }
    const installed = join(prefix, 'lib/node_modules/codex-share')
    expect(existsSync(join(installed, 'test'))).to.equal(false)
    expect(sizeOf(installed)).to.be.below(120 * mega)
  })
})

function sizeOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}
