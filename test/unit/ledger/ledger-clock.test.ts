/** What retention takes for old when the machine's clock is wrong, on a real ledger with clocks that the test sets. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { type Ledger, openLedger } from '../../../src/ledger/ledger.ts'
import { prune } from '../../support/prune.ts'

const threadId = '01a20590-456e-70b2-a977-25507630a948'
const hourMs = 3_600_000
const dayMs = 24 * hourMs
const begunMs = Date.UTC(2026, 0, 1)
const rule = { days: 90, megabytes: 0 }

describe('The age of events', () => {
  let dir: string
  let ledger: Ledger
  let wallMs: number
  let upMs: number

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'codex-share-clock-'))
    wallMs = begunMs
    upMs = 0
    ledger = open()
    ledger.threads.open(threadId, { name: null, cwd: null, preview: null })
    ledger.db.prepare('UPDATE threads SET opened_ms = ?, updated_ms = ?').run(begunMs, begunMs)
    restart()
    for (let day = 0; day < 80; day += 1) use(dayMs)
  })

  afterEach(() => {
    ledger.close()
    rmSync(dir, { recursive: true })
  })

  const open = () => openLedger(join(dir, 'ledger.db'), { wallMs: () => wallMs, upMs: () => upMs })

  function restart(): void {
    ledger.close()
    ledger = open()
  }

  /** The daemon is up for so long, and then something happens. */
  function use(ms: number): void {
    wallMs += ms
    upMs += ms
    record(wallMs)
  }

  function record(atMs: number): void {
    const event = { threadId, turnId: 't1', atMs, method: 'warning', params: {}, itemId: null, by: null }
    ledger.events.append([event])
  }

  /** What two rounds let go. */
  const pruneAll = () => prune(ledger.retention, rule)

  it('is that against the newest of them: they go in their time', () => {
    expect(pruneAll()).to.equal(0)
    for (let day = 0; day < 20; day += 1) use(dayMs)
    expect(pruneAll()).to.equal(9)
    for (let day = 0; day < 10; day += 1) use(dayMs)
    expect(pruneAll()).to.equal(10)
  })

  it('does not grow while nothing happens', () => {
    wallMs += 400 * dayMs
    restart()
    expect(pruneAll()).to.equal(0)
    upMs += 10 * dayMs
    expect(pruneAll()).to.equal(0)
  })

  it('does not grow in one start with the clock far ahead, though events are dated by it', () => {
    wallMs += 400 * dayMs
    restart()
    for (let hour = 0; hour < 20; hour += 1) {
      use(hourMs)
      expect(pruneAll()).to.equal(0)
    }
    wallMs -= 400 * dayMs
    restart()
    use(hourMs)
    expect(pruneAll()).to.equal(0)
    for (let day = 0; day < 5; day += 1) use(dayMs)
    expect(pruneAll()).to.equal(0)
  })

  it('does not grow by one event from the future', () => {
    record(wallMs + 400 * dayMs)
    expect(pruneAll()).to.equal(0)
    use(hourMs)
    expect(pruneAll()).to.equal(0)
  })

  it('grows after a long pause once the daemon has been up for a day, whatever that is made of', () => {
    expect(pruneAll()).to.equal(0)
    wallMs += 400 * dayMs
    for (let start = 0; start < 6; start += 1) {
      restart()
      use(hourMs)
      pruneAll()
      use(4 * hourMs)
      expect(pruneAll(), `after start ${start + 1}`).to.equal(start < 4 ? 0 : start === 4 ? 80 : 0)
    }
  })

  it('is not less for a clock that went back, and not more once it is right again', () => {
    expect(pruneAll()).to.equal(0)
    wallMs -= 400 * dayMs
    restart()
    expect(pruneAll()).to.equal(0)
    wallMs += 400 * dayMs
    restart()
    use(hourMs)
    expect(pruneAll()).to.equal(0)
  })
})
