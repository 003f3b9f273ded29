/** What of ours lies in folders of shared threads, with many of them. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { Exposure } from '../../../../src/daemon/upkeep/exposure.ts'
import { resolvePlaces } from '../../../../src/platform/places/resolve-places.ts'
import { defaultSettings } from '../../../../src/platform/settings/settings.ts'

describe('What is exposed', () => {
  let home: string
  beforeEach(() => {
    home = realpathSync(mkdtempSync(join(tmpdir(), 'cs-exposed-')))
    mkdirSync(join(home, 'run'), { mode: 0o700 })
  })
  afterEach(() => rmSync(home, { recursive: true }))

  const exposureOf = (folders: readonly { threadId: string; folder: string }[]) => {
    const env = { HOME: home, CODEX_SHARE_RUNTIME_DIR: join(home, 'run') }
    const places = resolvePlaces(env)
    const threads = { folders: () => [...folders] }
    return new Exposure({ env, places, threads, programFile: '/nowhere/run.js', settings: defaultSettings })
  }

  it('is what a thread works above, by the first of them', async () => {
    const exposure = exposureOf([
      { threadId: 'beside', folder: '/nowhere/else' },
      { threadId: 'above', folder: home },
    ])
    const listed = (await exposure.list(null)).map(({ what, threadId }) => [what, threadId])
    expect(listed).to.deep.equal([['sockets', 'above']])
  })

  it('is found with room for others between the folders of a thousand threads', async () => {
    const exposure = exposureOf(
      Array.from({ length: 1000 }, (_, index) => ({ threadId: `t${index}`, folder: `/nowhere/${index}` })),
    )
    let turns = 0
    let isOver = false
    const count = () => {
      turns += 1
      if (!isOver) setImmediate(count)
    }
    setImmediate(count)
    expect(await exposure.list(null)).to.deep.equal([])
    isOver = true
    expect(turns).to.be.greaterThan(20)
  })
})
