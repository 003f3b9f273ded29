/** The clock on a time that the test moves. */
import { expect } from 'chai'
import { AwakeClock, awakeSignal } from '../../../../src/platform/time/awake-clock.ts'
import { ScriptedTicks } from '../../../support/waiting/scripted-ticks.ts'

const hourMs = 3_600_000

describe('The awake clock', () => {
  let ticks: ScriptedTicks
  let clock: AwakeClock
  let fired: string[]
  const start = (ms: number, name = `${ms}`) => clock.timeout(() => fired.push(name), ms)

  beforeEach(() => {
    ticks = new ScriptedTicks()
    clock = new AwakeClock(ticks)
    fired = []
  })

  it('fires when the time is over, and not before', () => {
    start(10_000)
    ticks.run(9999)
    expect(fired).to.deep.equal([])
    ticks.run(1)
    expect(fired).to.deep.equal(['10000'])
  })

  for (const order of ['oldest first', 'newest first'] as const)
    it(`goes on with what was left after a sleep, with the timers ${order}`, () => {
      for (const ms of [500, 10_000, 30_000]) start(ms)
      ticks.run(300)
      ticks.sleep(hourMs, order)
      expect(fired).to.deep.equal([])
      ticks.run(300)
      expect(fired).to.deep.equal(['500'])
      ticks.run(9300)
      expect(fired).to.deep.equal(['500'])
      ticks.run(200)
      expect(fired).to.deep.equal(['500', '10000'])
      ticks.run(20_000)
      expect(fired).to.deep.equal(['500', '10000', '30000'])
    })

  it('leaves every sleep out, also one upon the other', () => {
    start(3000)
    for (let sleeps = 0; sleeps < 10; sleeps += 1) ticks.sleep(hourMs, 'oldest first')
    expect(fired).to.deep.equal([])
    ticks.run(1000)
    expect(fired).to.deep.equal(['3000'])
  })

  it('gets on although the loop stands still again and again', () => {
    start(30_000)
    for (let stops = 0; stops < 150; stops += 1) ticks.sleep(5000, 'oldest first')
    expect(fired).to.deep.equal(['30000'])
  })

  it('counts what a busy loop comes too late by', () => {
    start(3000)
    for (let stops = 0; stops < 3; stops += 1) ticks.sleep(900, 'oldest first')
    ticks.run(300)
    expect(fired).to.deep.equal(['3000'])
  })

  it('tells the time without the sleeps between two readings', () => {
    const from = clock.read()
    ticks.run(5000)
    ticks.sleep(hourMs, 'oldest first')
    ticks.run(5000)
    expect(clock.read() - from).to.equal(10_200)
  })

  it('takes a time in which nobody waited as it is', () => {
    const from = clock.read()
    ticks.run(hourMs)
    expect(ticks.waiting.timers).to.equal(0)
    expect(clock.read() - from).to.equal(hourMs)
    start(1000)
    ticks.run(1000)
    expect(fired).to.deep.equal(['1000'])
  })

  it('rests when nobody waits any more', () => {
    start(10_000).clear()
    start(3000)
    ticks.run(3200)
    expect({ ...ticks.waiting, fired }).to.deep.equal({ timers: 0, keep: 0, fired: ['3000'] })
  })

  it('fires nothing that was cleared, in whatever state', () => {
    const [before, woken, over] = [start(1000, 'before'), start(2000, 'woken'), start(500, 'over')]
    before.clear()
    ticks.run(600)
    ticks.sleep(hourMs, 'oldest first')
    for (const timeout of [woken, over, over]) timeout.clear()
    ticks.run(hourMs)
    expect({ ...ticks.waiting, fired }).to.deep.equal({ timers: 0, keep: 0, fired: ['over'] })
  })

  it('is not confused by what is cleared twice', () => {
    const cleared = start(1000)
    for (const timeout of [cleared, cleared]) timeout.clear()
    start(5000)
    ticks.run(1000)
    ticks.sleep(hourMs, 'oldest first')
    expect(fired).to.deep.equal([])
  })

  it('keeps the process for a timeout only, and not for one that is let go, also after a sleep', () => {
    const timeout = start(5000)
    expect(ticks.waiting).to.deep.equal({ timers: 2, keep: 1 })
    timeout.unref()
    ticks.sleep(hourMs, 'oldest first')
    expect(ticks.waiting).to.deep.equal({ timers: 2, keep: 0 })
  })
})

describe('On the real clock', () => {
  it('a signal fires with a TimeoutError', async () => {
    const signal = awakeSignal(20)
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    expect(signal.reason).to.be.instanceOf(DOMException).with.property('name', 'TimeoutError')
  })
})
