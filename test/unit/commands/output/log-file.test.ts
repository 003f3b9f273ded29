/** A log that is rotated while it is read. */
import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { followLog, readLog } from '../../../../src/commands/output/log-file.ts'
import { eventually } from '../../../support/waiting/eventually.ts'
import { onScriptedTime } from '../../../support/waiting/scripted-ticks.ts'

/** Between two looks at the log. */
const lookMs = 250

describe('The log', () => {
  let folder: string
  let file: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'codex-share-log-'))
    file = join(folder, 'daemon.log')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('is read with its rotated parts, oldest first', async () => {
    writeFileSync(`${file}.2`, 'one\n')
    writeFileSync(`${file}.1`, 'two\nthree\n')
    writeFileSync(`${file}.old`, 'not ours\n')
    writeFileSync(file, 'four\nfi')
    expect(await readLog(file)).to.deep.equal(['one', 'two', 'three', 'four', 'fi'])
  })

  it('is empty when there is none', async () => {
    expect(await readLog(join(folder, 'none', 'daemon.log'))).to.deep.equal([])
  })

  it(
    'is followed from where it was read to, also over a rotation, line by whole line',
    onScriptedTime(async (time) => {
      writeFileSync(file, 'before\n')
      const follow = followLog(file)
      const next = async () => {
        let lines: readonly string[] | undefined
        void follow.next().then(({ value }) => {
          lines = value ?? []
        })
        return eventually('lines come', () => {
          time.run(lookMs)
          return lines
        })
      }
      expect(await next()).to.deep.equal(['before'])
      appendFileSync(file, 'one\ntw')
      expect(await next()).to.deep.equal(['one'])
      appendFileSync(file, 'o\n')
      expect(await next()).to.deep.equal(['two'])
      appendFileSync(file, 'three\n')
      renameSync(file, `${file}.1`)
      writeFileSync(file, 'four\n')
      const rest: string[] = []
      while (rest.length < 2) rest.push(...(await next()))
      expect(rest).to.deep.equal(['three', 'four'])
      await follow.return()
    }),
  )
})
