/** Durations and ages as people read them. */
import { expect } from 'chai'
import { age, calendarDay, clockTime, duration } from '../../../../src/render/terminal/clock.ts'

describe('Times', () => {
  it('are told in the units that fit', () => {
    const told = [0, 80, 99.4, 300, 9900, 12_400, 59_600, 185_000, 3_600_000, 7_800_000, 97_200_000].map(duration)
    expect(told).to.deep.equal([
      '0 ms',
      '80 ms',
      '99 ms',
      '0.3 s',
      '9.9 s',
      '12 s',
      '1 min',
      '3 min 5 s',
      '1 h',
      '2 h 10 min',
      '1 d 3 h',
    ])
  })

  it('are told as ages', () => {
    const now = Date.parse('2026-11-22T12:00:00Z')
    const ages = ['11:59:58', '11:45:00', '02:00:00'].map((time) => age(`2026-11-22T${time}Z`, now))
    expect([...ages, age('2026-11-19T12:00:00Z', now), age('soon', now)]).to.deep.equal([
      '2 s ago',
      '15 min ago',
      '10 h ago',
      '3 d ago',
      'soon',
    ])
  })

  it('are local, and what is no time is given back', () => {
    const at = new Date(2026, 0, 2, 3, 4, 5).toISOString()
    expect([calendarDay(at), clockTime(at), calendarDay('never'), clockTime('never')]).to.deep.equal([
      '2026-01-02',
      '03:04:05',
      '',
      'never',
    ])
  })
})
