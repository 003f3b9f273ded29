/** Row 1: a notification's way from the app-server through the ledger to a peer, paced at 200 a second. */
import { addedFinding } from '../measure/findings.ts'
import { interleaved } from '../measure/rounds.ts'
import { median, percentile } from '../measure/statistics.ts'
import type { Row } from '../row.ts'
import type { Scene } from '../scene/scene.ts'
import { type Reader, startReader } from '../scene/start-reader.ts'

const everyMs = 5

export const notificationLatency: Row = async ({ quick, rounds, shared }) => {
  const scene = await shared('fake')
  const count = quick ? 25 : 200
  const findings = []
  for (const peers of [1, 10]) {
    const direct = await pacedReader(scene, 'direct', peers)
    const daemon = await pacedReader(scene, 'daemon', peers)
    const { floor, ours } = await interleaved(rounds, {
      floor: () => latencies(direct, count),
      ours: () => latencies(daemon, count),
    })
    direct.close()
    daemon.close()
    for (const [name, percent, atMost] of [
      ['median', 50, 0.3],
      ['p99', 99, 2],
    ] as const) {
      const figure = (label: string, values: number[][]) => {
        return { label, value: median(values.map((round) => percentile(round, percent))), unit: 'ms' }
      }
      const what = `a notification's way at ${1000 / everyMs}/s, ${peers} peer${peers > 1 ? 's' : ''}, ${name}`
      findings.push(
        addedFinding({ row: 1, what, floor: figure('direct', floor), ours: figure('daemon', ours) }, { atMost }),
      )
    }
  }
  return findings
}

export function pacedReader(scene: Scene, via: 'daemon' | 'direct', peers: number): Promise<Reader> {
  const socketPath = via === 'daemon' ? scene.daemonSocket : scene.appServerSocket
  return startReader({ via, socketPath, peers, timed: true })
}

/** Milliseconds of each of so many deltas, at each peer. */
export async function latencies(reader: Reader, count: number): Promise<number[]> {
  return [...(await reader.turn(`pace ${count} ${everyMs}`, count)).latenciesMs]
}
