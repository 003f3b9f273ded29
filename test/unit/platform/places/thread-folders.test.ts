/** Which files the agents of shared threads may replace, on real folders with real links. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { threadFolderOf } from '../../../../src/platform/places/thread-folders.ts'

describe('The folder of a shared thread', () => {
  let home: string
  const at = (path: string) => join(home, path)

  beforeEach(() => {
    home = realpathSync(mkdtempSync(join(tmpdir(), 'cs-folders-')))
    for (const folder of ['work', 'elsewhere', '.config/codex-share']) mkdirSync(at(folder), { recursive: true })
    writeFileSync(at('.config/codex-share/config.json'), '{}')
  })
  afterEach(() => rmSync(home, { recursive: true }))

  const heldBy = (file: string, ...folders: string[]) =>
    threadFolderOf(
      at(file),
      folders.map((folder) => ({ threadId: folder, folder: at(folder) })),
    )?.threadId

  it('holds what lies below it, at any depth, and nothing beside it', () => {
    expect(heldBy('.config/codex-share/config.json', 'work', '.config')).to.equal('.config')
    expect(heldBy('.config/codex-share/config.json', '')).to.equal('')
    expect(heldBy('.config/codex-share/config.json', 'work', 'elsewhere')).to.equal(undefined)
    expect(heldBy('workshop/config.json', 'work')).to.equal(undefined)
    expect(threadFolderOf(at('a'), [{ threadId: 'all', folder: '/' }])?.threadId).to.equal('all')
  })

  it('holds a file that is not there yet, nor the folders on its way', () => {
    expect(heldBy('work/.config/codex-share/config.json', 'work')).to.equal('work')
  })

  it('holds a file that only links lead to', () => {
    writeFileSync(at('work/config.json'), '{}')
    symlinkSync(at('work/config.json'), at('elsewhere/config.json'))
    expect(heldBy('elsewhere/config.json', 'work')).to.equal('work')
    symlinkSync('../elsewhere', at('.config/linked'))
    expect(heldBy('.config/linked/config.json', 'work')).to.equal('work')
  })

  it('holds a file that is elsewhere when a link on its way can be turned', () => {
    symlinkSync(at('elsewhere'), at('work/turned'))
    symlinkSync(at('work/turned'), at('.config/through'))
    writeFileSync(at('elsewhere/config.json'), '{}')
    expect(heldBy('.config/through/config.json', 'work')).to.equal('work')
  })

  it('may itself be named through a link, or with a detour', () => {
    symlinkSync(at('.config'), at('dotfiles'))
    expect(heldBy('.config/codex-share/config.json', 'dotfiles')).to.equal('dotfiles')
    const folder = `${home}/work/../.config/.`
    expect(threadFolderOf(at('.config/codex-share/config.json'), [{ threadId: 'detour', folder }])?.threadId).to.equal(
      'detour',
    )
  })

  it('is known by its name when it is gone', () => {
    expect(heldBy('gone/config.json', 'gone')).to.equal('gone')
    expect(heldBy('gone/config.json', 'go')).to.equal(undefined)
  })

  it('does not hang in links that go round', () => {
    symlinkSync(at('work/b'), at('work/a'))
    symlinkSync(at('work/a'), at('work/b'))
    expect(heldBy('work/a/config.json', 'elsewhere')).to.equal(undefined)
    expect(heldBy('work/a/config.json', 'work')).to.equal('work')
  })
})
