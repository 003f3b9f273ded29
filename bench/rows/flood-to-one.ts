/** Row 2: a flood to one peer, recorded and in order. */
import { plainFinding } from '../measure/findings.ts'
import { residentKiB } from '../measure/process-cost.ts'
import { interleaved } from '../measure/rounds.ts'
import { median } from '../measure/statistics.ts'
import type { Row } from '../row.ts'
import { sparedNote, startReader } from '../scene/start-reader.ts'

const peersOf = { peers: 1, timed: false }

export const floodToOne: Row = async ({ quick, rounds, shared }) => {
  const scene = await shared('fake')
  const count = quick ? 20_000 : 100_000
  const direct = await startReader({ via: 'direct', socketPath: scene.appServerSocket, ...peersOf })
  const daemon = await startReader({ via: 'daemon', socketPath: scene.daemonSocket, ...peersOf })
  const resident: number[] = []
  const spared: number[] = []
  const rate = async (reader: typeof direct) => {
    const report = await reader.turn(`flood ${count} 20`, count)
    spared.push(report.spared)
    return report.deliveries / report.seconds
  }
  const { floor, ours } = await interleaved(rounds, {
    floor: () => rate(direct),
    ours: async () => {
      const perSecond = await rate(daemon)
      resident.push(residentKiB(scene.daemonPid()) / 1024)
      return perSecond
    },
  })
  direct.close()
  daemon.close()
  const figure = (label: string, values: number[]) => ({ label, value: median(values), unit: 'events/s' })
  const what = `flood of ${count.toLocaleString('en')} to one peer`
  const atLeast = Math.min(60_000, median(floor))
  const finding = plainFinding(
    { row: 2, what, ours: figure('daemon', ours), ...sparedNote(spared) },
    { atLeast: Math.round(atLeast) },
  )
  const [first = 0, last = 0] = [resident[1], resident.at(-1)]
  const result = `${(median(ours) / median(floor)).toFixed(2)} ×`
  const memory = { label: 'after the last flood', value: last, unit: 'MiB' }
  return [
    { ...finding, floor: figure('direct', floor), result },
    {
      row: 2,
      what: 'daemon memory over these floods',
      floor: { label: 'after the second flood', value: first, unit: 'MiB' },
      ours: memory,
      result: `${(last - first).toFixed(1)} MiB`,
      reach: 'flat (+16 MiB)',
      met: last - first <= 16,
    },
  ]
}
