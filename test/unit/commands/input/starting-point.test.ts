/** The forms of `--from`, `--since` and `--timeout`. */
import { expect } from 'chai'
import { eventId, parseStartingPoint, parseTime } from '../../../../src/commands/input/starting-point.ts'
import { parseTimeSpan } from '../../../../src/commands/input/time-span.ts'
import { ShareError } from '../../../../src/protocol/errors.ts'

const now = Date.parse('2026-11-22T12:00:00.000Z')

function usageMessage(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof ShareError && error.errorName === 'usage') return error.message
    throw error
  }
  return 'accepted'
}

describe('--from', () => {
  it('takes an event id, a time, unix seconds, or an age', () => {
    const forms = {
      '42': { id: 42 },
      '0': { id: 0 },
      '2026-11-22T11:00:00Z': { atMs: now - 3_600_000 },
      '2026-11-22t13:00:00.250+02:00': { atMs: now - 3_599_750 },
      '2026-11-22 11:00:00Z': { atMs: now - 3_600_000 },
      '@1795348800': { atMs: 1_795_348_800_000 },
      '@1795348800.5': { atMs: 1_795_348_800_500 },
      '45s': { atMs: now - 45_000 },
      '10m': { atMs: now - 600_000 },
      '1.5h': { atMs: now - 5_400_000 },
      '1d': { atMs: now - 86_400_000 },
      '1w': { atMs: now - 604_800_000 },
      '9999w': { atMs: 0 },
    }
    for (const [text, point] of Object.entries(forms))
      expect([text, parseStartingPoint(text, now)]).to.deep.equal([text, point])
  })

  it('refuses everything else and says what it takes', () => {
    for (const text of ['', 'yesterday', '-5', '1.5', '10 m', '10x', '@', '@1s', '99999999999999999999'])
      expect(
        usageMessage(() => parseStartingPoint(text, now)),
        text,
      ).to.match(/^--from takes/)
  })

  it('says of a whole time that is in no calendar what is wrong with it', () => {
    for (const text of ['2026-13-01T00:00:00Z', '2026-02-31T00:00:00Z', '2026-11-22T25:00:00+01:00'])
      expect(usageMessage(() => parseStartingPoint(text, now))).to.equal(
        `--from: there is no such day or time: “${text}”`,
      )
  })

  it('asks for the zone when a time has none', () => {
    for (const text of ['2026-11-22', '2026-11-22T12:00:00', '2026-11-22T12:00Z'])
      expect(
        usageMessage(() => parseStartingPoint(text, now)),
        text,
      ).to.match(/^--from takes a whole time with seconds and zone/)
  })
})

describe('--since', () => {
  it('takes a time as --from does, and no event id', () => {
    expect(parseTime('10m', now, { flag: '--since' })).to.equal(now - 600_000)
    for (const text of ['42', 'bogus'])
      expect(usageMessage(() => parseTime(text, now, { flag: '--since' }))).to.equal(
        `--since takes a time (2026-11-22T14:00:00Z), @unix-seconds, or an age (45s, 10m, 2h, 1d, 1w): got “${text}”`,
      )
  })
})

describe('--after', () => {
  it('takes an event id and nothing else', () => {
    expect(eventId('7', '--after')).to.equal(7)
    for (const text of ['x', '', '-1', '1.5', '10m'])
      expect(usageMessage(() => eventId(text, '--after'))).to.match(/^--after takes an event id/)
  })
})

describe('--timeout', () => {
  it('takes spans, and plain numbers as seconds', () => {
    const spans = { '90s': 90_000, '5m': 300_000, '1.5h': 5_400_000, '500ms': 500, '30': 30_000 }
    for (const [text, ms] of Object.entries(spans))
      expect([text, parseTimeSpan(text, '--timeout')]).to.deep.equal([text, ms])
  })

  it('refuses what no timer can count', () => {
    for (const text of ['', '0', '-1s', '5d', '1000h', 's', 'soon'])
      expect(
        usageMessage(() => parseTimeSpan(text, '--timeout')),
        text,
      ).to.match(/^--timeout takes a span/)
  })
})
