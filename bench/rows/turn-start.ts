/** Row 5: from `turn/start` to `turn/started`. */
import { addedFinding } from '../measure/findings.ts'
import { interleaved } from '../measure/rounds.ts'
import { median } from '../measure/statistics.ts'
import type { Row } from '../row.ts'
import type { Scene } from '../scene/scene.ts'
import { type Reader, startReader } from '../scene/start-reader.ts'

export const turnStart: Row = async ({ quick, rounds, shared }) => {
  const scene = await shared('real')
  const direct = await turnReader(scene, 'direct')
  const daemon = await turnReader(scene, 'daemon')
  const turns = quick ? 3 : 10
  const { floor, ours } = await interleaved(rounds, {
    floor: () => startTimes(direct, turns),
    ours: () => startTimes(daemon, turns),
  })
  direct.close()
  daemon.close()
  const figure = (label: string, values: number[][]) => ({ label, value: median(values.flat()), unit: 'ms' })
  const what = 'turn/start until turn/started'
  return [addedFinding({ row: 5, what, floor: figure('direct', floor), ours: figure('daemon', ours) }, { atMost: 2 })]
}

export function turnReader(scene: Scene, via: 'daemon' | 'direct'): Promise<Reader> {
  const socketPath = via === 'daemon' ? scene.daemonSocket : scene.appServerSocket
  return startReader({ via, socketPath, peers: 1, timed: false })
}

/** Milliseconds of each of so many turns, one after the other; each has `deltas` deltas. */
export async function startTimes(reader: Reader, turns: number, deltas = 1): Promise<number[]> {
  const took: number[] = []
  for (let turn = 0; turn < turns; turn += 1) took.push((await reader.turn('hello', deltas)).startedMs)
  return took
}
