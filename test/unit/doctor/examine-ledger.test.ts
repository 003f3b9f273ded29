/** The reading of every page, on real ledgers: whole, damaged, and being written. */
import { once } from 'node:events'
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  utimesSync,
  watch,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { examineLedger } from '../../../src/doctor/examine-ledger.ts'
import { type Ledger, openLedger } from '../../../src/ledger/ledger.ts'
import { damageLedger } from '../../support/samples/damage-ledger.ts'
import { eventually } from '../../support/waiting/eventually.ts'
import { onScriptedTime, type ScriptedTicks } from '../../support/waiting/scripted-ticks.ts'

const threadId = '01a20590-456e-70b2-a977-25507630a948'
const longAgo = new Date(0)
/** Between two looks. */
const pauseMs = 300

describe('The examination of a ledger', () => {
  let dir: string
  let file: string
  let ledger: Ledger

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'codex-share-examine-'))
    file = join(dir, 'ledger.db')
    ledger = openLedger(file)
    ledger.threads.open(threadId, { name: null, cwd: null, preview: null })
    append(300)
  })

  afterEach(() => {
    ledger.close()
    rmSync(dir, { recursive: true })
  })

  function append(count: number): void {
    const event = { threadId, turnId: 't', method: 'warning', itemId: null, by: null, atMs: Date.now() }
    ledger.events.append(Array.from({ length: count }, () => ({ ...event, params: { message: 'x'.repeat(1000) } })))
  }

  const examine = (signal = new AbortController().signal) => examineLedger(file, { signal })

  it('finds one that is in use whole, and leaves nothing behind', async () => {
    const before = readdirSync(dir)
    expect(await examine()).to.deep.equal({ state: 'whole' })
    expect(readdirSync(dir)).to.deep.equal(before)
  })

  it('counts what is in the log for more than what it will replace in the file', async () => {
    ledger.db.pragma('wal_checkpoint(TRUNCATE)')
    append(300) // The file grows, and its first page says so.
    const descriptor = openSync(file, 'r+')
    writeSync(descriptor, Buffer.alloc(3900, 0xff), 0, 3900, 100)
    closeSync(descriptor)
    utimesSync(file, longAgo, longAgo)
    expect(await examine()).to.deep.equal({ state: 'whole' })
  })

  it('finds a damaged page, and leaves nothing behind', async () => {
    ledger.close()
    damageLedger(file)
    utimesSync(file, longAgo, longAgo)
    const before = readdirSync(dir)
    const examined = await examine()
    expect(examined).to.have.property('state', 'damaged')
    expect(examined)
      .to.have.property('found')
      .that.matches(/page \d+/)
    expect(readdirSync(dir)).to.deep.equal(before)
  })

  it('finds a damaged first page', async () => {
    ledger.close()
    writeFileSync(file, Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(8000, 0xff)]))
    utimesSync(file, longAgo, longAgo)
    expect(await examine()).to.have.property('state', 'damaged')
  })

  /** Looks at a damaged ledger that is written at these times, one before each of its looks. */
  async function examineWritten(time: ScriptedTicks, writtenAt: readonly (() => Date)[]) {
    ledger.close()
    damageLedger(file)
    let examined: Promise<unknown> | undefined
    let isDone = false
    for (const at of writtenAt) {
      utimesSync(file, at(), at())
      if (examined !== undefined) time.run(pauseMs)
      examined ??= examine().finally(() => {
        isDone = true
      })
      await eventually('it pauses, or is done', () => isDone || time.due.includes(pauseMs))
    }
    time.run(pauseMs)
    return examined
  }

  it(
    'takes no copy for damaged that may have been torn by a writer',
    onScriptedTime(async (time) => {
      const soon = () => new Date(Date.now() + 60_000)
      const examined = await examineWritten(time, [soon, soon, soon, soon])
      expect(examined).to.deep.include({ state: 'unknown', why: 'it was being written all the time' })
    }),
  )

  it(
    'looks again once the writer has paused',
    onScriptedTime(async (time) => {
      const examined = await examineWritten(time, [() => new Date(), () => longAgo])
      expect(examined).to.have.property('state', 'damaged')
    }),
  )

  it('takes its copy away at once when it is given up', async () => {
    const before = readdirSync(dir)
    const leaving = new AbortController()
    const watcher = watch(dir)
    const made = once(watcher, 'change')
    const examining = examine(leaving.signal).catch(() => undefined) // The copy is taken away under it.
    await made
    watcher.close()
    leaving.abort()
    // Now, since the process ends now.
    expect(readdirSync(dir)).to.deep.equal(before)
    await examining
    expect(readdirSync(dir)).to.deep.equal(before)
  })
})
