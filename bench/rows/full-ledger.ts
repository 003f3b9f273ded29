/** Row 9: rows 1, 5 and 6 with a million events in a thousand threads in the ledger, against an empty one. */
import { ratioFinding } from '../measure/findings.ts'
import { interleaved } from '../measure/rounds.ts'
import { median } from '../measure/statistics.ts'
import type { Row } from '../row.ts'
import type { Scene } from '../scene/scene.ts'
import { seedLedger } from '../scene/seed-ledger.ts'
import { crashedStart } from './crashed-start.ts'
import { getTime } from './get-command.ts'
import { latencies, pacedReader } from './notification-latency.ts'
import { startTimes, turnReader } from './turn-start.ts'

/** Deltas of any answer of the fake Codex that is no flood. */
const fakeDeltas = 3

export const fullLedger: Row = async ({ quick, rounds, own }) => {
  const [threads, events] = quick ? [50, 50_000] : [1000, 1_000_000]
  const emptyScene = await own({ codex: 'fake' })
  const empty = await measuresOn(emptyScene, quick)
  const fullScene = await own({ codex: 'fake', prepareLedger: (file) => seedLedger({ file, threads, events }) })
  const full = await measuresOn(fullScene, quick)
  const findings = []
  for (const [name, unit] of [
    ["a notification's way, median", 'ms'],
    ['turn/start until turn/started', 'ms'],
    ['share get of 20 events', 'ms'],
  ] as const) {
    const measure = { floor: () => empty[name](), ours: () => full[name]() }
    const { floor, ours } = await interleaved(rounds, measure)
    const figure = (label: string, values: number[][]) => ({ label, value: median(values.flat()), unit })
    const what = `${name}, with ${events.toLocaleString('en')} events in ${threads} threads`
    const comparison = { row: 9, what, floor: figure('empty', floor), ours: figure('full', ours) }
    findings.push(ratioFinding(comparison, { atMost: 1.2 }))
  }
  empty.close()
  full.close()
  return [...findings, ...(await crashedStart({ empty: emptyScene, full: fullScene }, rounds))]
}

async function measuresOn(scene: Scene, quick: boolean) {
  const paced = await pacedReader(scene, 'daemon', 1)
  const turns = await turnReader(scene, 'daemon')
  await startTimes(turns, 2, fakeDeltas)
  return {
    "a notification's way, median": () => latencies(paced, quick ? 40 : 200),
    'turn/start until turn/started': () => startTimes(turns, quick ? 10 : 50, fakeDeltas),
    'share get of 20 events': () => getTimes(scene, turns.threadId, quick ? 1 : 4),
    close() {
      paced.close()
      turns.close()
    },
  }
}

async function getTimes(scene: Scene, threadId: string, times: number): Promise<number[]> {
  const took: number[] = []
  for (let time = 0; time < times; time += 1) took.push(await getTime(scene, threadId))
  return took
}
