/** A lock that its holder gives back, or loses when it ends or does not move. */
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { ProcessLock } from '../../../src/platform/process-lock.ts'
import { makeScratch, type Scratch } from '../../support/scratch.ts'

/** Above any that Linux and macOS give out. */
const deadPid = 4_194_999

describe('A lock between processes', () => {
  let scratch: Scratch
  let path: string
  let nowMs = 0
  beforeEach(() => {
    scratch = makeScratch()
    mkdirSync(join(scratch.dir, 'locks'))
    path = join(scratch.dir, 'locks/start')
  })
  afterEach(() => scratch.remove())

  const lock = () => new ProcessLock(path, () => nowMs)
  const names = () => readdirSync(join(scratch.dir, 'locks'))

  it('is had by one at a time, and leaves nothing behind', async () => {
    const release = await lock().tryTake()
    expect(await lock().tryTake()).to.equal(undefined)
    release?.()
    const again = await lock().tryTake()
    expect(again).to.be.a('function')
    again?.()
    expect(names()).to.deep.equal([])
  })

  it('is had by one of many who want it at once, and by each in turn', async () => {
    let [holders, most, had] = [0, 0, 0]
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        const release = await new ProcessLock(path).take(20_000)
        holders += 1
        most = Math.max(most, holders)
        await new Promise(setImmediate)
        holders -= 1
        had += 1
        release?.()
      }),
    )
    expect([most, had, names()]).to.deep.equal([1, 8, []])
  })

  it('is free at once when its holder was killed', async () => {
    writeFileSync(`${path}.${deadPid}.1.lock`, '')
    const release = await lock().tryTake()
    expect(names()).to.have.length(1)
    release?.()
    expect(names()).to.deep.equal([])
  })

  it('stays with a holder that moves, and is taken from one that stands still', async () => {
    const other = `${path}.${process.ppid}.1.lock`
    writeFileSync(other, '')
    const waiting = lock()
    for (const at of [0, 2000, 4000]) {
      nowMs = at
      utimesSync(other, at, at)
      expect(await waiting.tryTake(), `at ${at}`).to.equal(undefined)
    }
    nowMs = 6400
    expect(await waiting.tryTake(), 'a moment before').to.equal(undefined)
    nowMs = 6500
    const release = await waiting.tryTake()
    expect(release).to.be.a('function')
    release?.()
    expect(names()).to.deep.equal([])
  })

  it('says why it cannot be made', async () => {
    const error = await new ProcessLock(join(scratch.dir, 'nowhere/start')).tryTake().catch((thrown: unknown) => thrown)
    expect(error).to.have.property('code', 'ENOENT')
  })
})
