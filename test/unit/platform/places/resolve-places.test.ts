/** Where everything lives, and which folders are refused. */
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { resolvePlaces } from '../../../../src/platform/places/resolve-places.ts'
import { ShareError } from '../../../../src/protocol/errors.ts'

describe('the runtime folder', () => {
  let dir: string

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'cs-run-'))
  })

  afterEach(() => rmSync(dir, { recursive: true }))

  const make = (name: string, mode: number) => {
    const path = join(dir, name)
    mkdirSync(path)
    chmodSync(path, mode)
    return path
  }
  const modeOf = (path: string) => lstatSync(path).mode & 0o777
  const named = (path: string) => resolvePlaces({ CODEX_SHARE_RUNTIME_DIR: path }).runtimeDir
  const problem = (path: string) => {
    try {
      return named(path)
    } catch (error) {
      return error instanceof Error ? error.message.replace(dir, 'DIR') : error
    }
  }

  const errorFrom = (act: () => unknown): ShareError => {
    try {
      act()
    } catch (error) {
      if (error instanceof ShareError) return error
    }
    throw new Error('no ShareError')
  }

  it('is the one named by hand, made for its owner alone', () => {
    expect([named(join(dir, 'new')), modeOf(join(dir, 'new'))]).to.deep.equal([join(dir, 'new'), 0o700])
    expect(named(make('mine', 0o700))).to.equal(join(dir, 'mine'))
  })

  it('leaves a folder that was named by hand and is open to others as it is, and refuses it', () => {
    const open = make('open', 0o755)
    expect(problem(open)).to.equal('the runtime folder DIR/open is open to others (mode 755): use a folder of mode 700')
    expect(modeOf(open)).to.equal(0o755)
  })

  it('refuses what is a file, a link, or no absolute path', () => {
    writeFileSync(join(dir, 'file'), '')
    symlinkSync(make('target', 0o700), join(dir, 'link'))
    expect(problem(join(dir, 'file'))).to.equal('the runtime folder DIR/file is not a folder')
    expect(problem(join(dir, 'link'))).to.equal('the runtime folder DIR/link is a link, which is refused')
    expect(problem('relative/path')).to.equal('the runtime folder relative/path is not an absolute path')
  })

  it('is under XDG_RUNTIME_DIR when that is ours, and mended there', () => {
    const xdg = make('xdg', 0o700)
    mkdirSync(join(xdg, 'codex-share'))
    chmodSync(join(xdg, 'codex-share'), 0o777)
    expect(resolvePlaces({ XDG_RUNTIME_DIR: xdg }).runtimeDir).to.equal(join(xdg, 'codex-share'))
    expect(modeOf(join(xdg, 'codex-share'))).to.equal(0o700)
  })

  it('is proposed where it fits, by a command that works when typed', () => {
    const long = join(dir, 'x'.repeat(100))
    const { hint } = errorFrom(() => named(long))
    const [, typed = ''] = /export CODEX_SHARE_RUNTIME_DIR=(\S+)/.exec(hint) ?? []
    const isNew = !existsSync(typed)
    expect([named(typed), modeOf(typed)]).to.deep.equal([typed, 0o700])
    if (isNew) rmSync(typed, { recursive: true })
  })

  it('must leave room for the name of a socket', () => {
    expect(problem(join(dir, 'x'.repeat(100)))).to.match(
      /^the runtime folder DIR\/x+ has a path of \d+ bytes, and \d+ are the most: the system allows a socket \d+$/,
    )
  })
})
