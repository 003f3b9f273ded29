/** When retention works, and when it leaves the loop to others. */
import { expect } from 'chai'
import { startRetentionTimer } from '../../../../src/daemon/upkeep/retention-timer.ts'
import { ScriptedTicks } from '../../../support/waiting/scripted-ticks.ts'

describe('The timer of retention', () => {
  const rule = { days: 1, megabytes: 0 }
  let time: ScriptedTicks
  let warned: number
  /** When each step began, and how long it takes. */
  let begun: number[]
  let workMs: number

  beforeEach(() => {
    time = new ScriptedTicks()
    ;[begun, warned, workMs] = [[], 0, 1]
  })

  const start = (stepsOf: (pass: number) => Iterable<number>) => {
    let passes = 0
    let worked = 0
    const ticks = { nowMs: () => time.nowMs() + worked, after: time.after }
    function* pass() {
      passes += 1
      for (const count of stepsOf(passes)) {
        begun.push(time.nowMs())
        worked += workMs
        yield count
      }
    }
    const ledger = { retention: { pass }, former: { releaseInTime() {} } }
    const log = {
      debug() {},
      warn() {
        warned += 1
      },
    }
    return startRetentionTimer(ledger as never, rule, log as never, ticks)
  }

  it('works for some milliseconds, then rests for longer, and continues where it stopped', () => {
    start(() => [1, 1, 1, 1, 1, 1, 1, 1, 1])
    time.run(1100)
    expect(begun).to.deep.equal([1000, 1000, 1000, 1000, 1012, 1012, 1012, 1012, 1024])
  })

  it('ends a slice with the step that takes too long', () => {
    workMs = 30
    start(() => [1, 1, 1])
    time.run(1100)
    expect(begun).to.deep.equal([1000, 1012, 1024])
  })

  it('begins the next pass a quarter of an hour after the end of the last, also of one that failed', () => {
    start(function* (pass) {
      yield 0
      if (pass === 1) throw new Error('the disk is full')
    })
    time.run(1000 + 2 * 15 * 60_000)
    expect([begun, warned]).to.deep.equal([[1000, 901_000, 1_801_000], 1])
  })

  it('does nothing more once it is closed', () => {
    const timer = start(() => [1, 1, 1, 1, 1])
    time.run(1000)
    timer.close()
    time.run(60_000)
    expect([begun.length, time.waiting.timers]).to.deep.equal([4, 0])
  })
})
