/** Row 13: what the daemon costs while nothing happens, with 10 peers. */
import { setTimeout as delay } from 'node:timers/promises'
import { plainFinding } from '../measure/findings.ts'
import { processorTimeNs } from '../measure/process-cost.ts'
import type { Row } from '../row.ts'
import { startReader } from '../scene/start-reader.ts'

export const idleCpu: Row = async ({ quick, own }) => {
  const scene = await own({ codex: 'fake' })
  const reader = await startReader({ via: 'daemon', socketPath: scene.daemonSocket, peers: 10, timed: false })
  const seconds = quick ? 4 : 60
  await delay(1000)
  const before = processorTimeNs(scene.daemonPid())
  await delay(seconds * 1000)
  const value = ((processorTimeNs(scene.daemonPid()) - before) / (seconds * 1e9)) * 100
  reader.close()
  const what = `processor time over ${seconds} idle seconds with 10 peers`
  return [plainFinding({ row: 13, what, ours: { label: 'daemon', value, unit: '% of a core' } }, { atMost: 0.2 })]
}
