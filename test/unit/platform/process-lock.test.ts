/** A lock that its holder gives back, or loses when it ends. */
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'chai'
import { ProcessLock } from '../../../src/platform/process-lock.ts'
import { makeScratch, type Scratch } from '../../support/scratch.ts'

/** Above any that Linux and macOS give out. */
const deadPid = 4_194_999

describe('A lock between processes', () => {
  let scratch: Scratch
  let path: string
  beforeEach(() => {
    scratch = makeScratch()
    mkdirSync(join(scratch.dir, 'locks'))
    path = join(scratch.dir, 'locks/start')
  })
  afterEach(() => scratch.remove())

  const lock = () => new ProcessLock(path)
  const names = () => readdirSync(join(scratch.dir, 'locks'))

  it('is had by one at a time, and leaves nothing behind', async () => {
    const release = await lock().tryTake()
    expect(await lock().tryTake()).to.equal(undefined)
    await release?.()
    const again = await lock().tryTake()
    expect(again).to.be.a('function')
    await again?.()
    expect(names()).to.deep.equal([])
  })

  it('is had by one of many who want it at once, and by each in turn, also behind a dead one', async () => {
    mkdirSync(`${path}.lock`)
    let [holders, most, had] = [0, 0, 0]
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        const release = await new ProcessLock(path).take(20_000)
        holders += 1
        most = Math.max(most, holders)
        // Long enough for another to take it away.
        await delay(10)
        holders -= 1
        had += 1
        await release?.()
      }),
    )
    expect([most, had, names()]).to.deep.equal([1, 8, []])
  })

  it('is free at once when its holder was killed', async () => {
    mkdirSync(`${path}.lock`)
    writeFileSync(`${path}.${deadPid}.1.lock`, '')
    const release = await lock().tryTake()
    expect(release).to.be.a('function')
    await release?.()
    expect(names()).to.deep.equal([])
  })

  it('is free at once when its holder was killed before it had made its name', async () => {
    mkdirSync(`${path}.lock`)
    const release = await lock().tryTake()
    expect(release).to.be.a('function')
    await release?.()
  })

  it('is left to a process that runs and is about to take it, until that hangs', async () => {
    const claim = `${path}.${process.ppid}.1.lock`
    writeFileSync(claim, '')
    expect(await lock().tryTake()).to.equal(undefined)
    expect(await lock().removeLeft()).to.equal(true)
    utimesSync(claim, 1, 1)
    const release = await lock().tryTake()
    expect(release, 'one that hangs').to.be.a('function')
    await release?.()
  })

  it('stays with a holder that runs, until that hangs', async () => {
    mkdirSync(`${path}.lock`)
    writeFileSync(`${path}.${process.ppid}.1.lock`, '')
    expect(await lock().tryTake()).to.equal(undefined)
    expect(names()).to.have.length(2)
    for (const old of [`${path}.lock`, `${path}.${process.ppid}.1.lock`]) utimesSync(old, 1, 1)
    const release = await lock().tryTake()
    expect(release, 'one that hangs').to.be.a('function')
    await release?.()
    expect(names()).to.deep.equal([`start.${process.ppid}.1.lock`])
  })

  it('goes with what a killed holder left, and not while one runs', async () => {
    const release = await lock().tryTake()
    const held = names()
    await lock().removeLeft()
    expect(names()).to.deep.equal(held)
    await release?.()
    mkdirSync(`${path}.lock`)
    writeFileSync(`${path}.${deadPid}.1.lock`, '')
    await lock().removeLeft()
    expect(names()).to.deep.equal([])
  })

  it('says why it cannot be made', async () => {
    const error = await new ProcessLock(join(scratch.dir, 'nowhere/start')).tryTake().catch((thrown: unknown) => thrown)
    expect(error).to.have.property('code', 'ENOENT')
  })
})
