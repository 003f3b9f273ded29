/** Row 11: from the daemon's start to its first reply, with the app-server already up. */
import { ratioFinding } from '../measure/findings.ts'
import { interleaved } from '../measure/rounds.ts'
import { median } from '../measure/statistics.ts'
import { wholeProcess } from '../measure/whole-process.ts'
import type { Row } from '../row.ts'

export const daemonStart: Row = async ({ rounds, own }) => {
  const scene = await own({ codex: 'fake' })
  const { floor, ours } = await interleaved(rounds * 2, {
    floor: async () => (await wholeProcess(['-e', '0'], scene.env)).ms,
    ours: async () => {
      await scene.stopDaemon()
      return (await scene.startDaemon()).firstReplyMs
    },
  })
  const figure = (label: string, values: number[]) => ({ label, value: median(values), unit: 'ms' })
  const comparison = { floor: figure('node -e 0', floor), ours: figure('daemon', ours) }
  return [ratioFinding({ row: 11, what: 'daemon start to first reply', ...comparison }, { atMost: 4 })]
}
