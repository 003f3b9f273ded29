/** Row 9: rows 1, 5 and 6, and requests, with a million events in a thousand threads in the ledger, against a thousand in ten. */
import { plainFinding, ratioFinding } from '../measure/findings.ts'
import { interleaved } from '../measure/rounds.ts'
import { median } from '../measure/statistics.ts'
import type { Finding, Row } from '../row.ts'
import { copyKeptLedger, keptDays } from '../scene/kept-ledger.ts'
import type { Scene } from '../scene/scene.ts'
import { seededThread } from '../scene/seed-ledger.ts'
import type { Loose } from '../wires/caller.ts'
import type { Peer } from '../wires/peer.ts'
import { crashedStart } from './crashed-start.ts'
import { getTime } from './get-command.ts'
import { latencies, pacedReader } from './notification-latency.ts'
import { startTimes, turnReader } from './turn-start.ts'

/** Deltas of any answer of the fake Codex that is no flood. */
const fakeDeltas = 3

export const fullLedger: Row = async ({ quick, rounds, events: wanted, own }) => {
  const threads = quick ? 50 : 1000
  const events = wanted ?? (quick ? 50_000 : 1_000_000)
  const small = { threads: 10, events: 1000 }
  const emptyScene = await own({ codex: 'fake', prepareLedger: (file) => copyKeptLedger(file, small) })
  const empty = await measuresOn(emptyScene, quick)
  const fullScene = await own({ codex: 'fake', prepareLedger: (file) => copyKeptLedger(file, { threads, events }) })
  const full = await measuresOn(fullScene, quick)
  const findings: Finding[] = []
  const figure = (label: string, values: number[][]) => ({ label, value: median(values.flat()), unit: 'ms' })
  for (const name of [
    "a notification's way, median",
    'turn/start until turn/started',
    'share get of 20 events',
    'status',
    'get --from TIME',
  ] as const) {
    const measure = { floor: () => empty[name](), ours: () => full[name]() }
    const { floor, ours } = await interleaved(rounds, measure)
    const what = `${name}, with ${events.toLocaleString('en')} events in ${threads} threads`
    const comparison = { row: 9, what, floor: figure('small', floor), ours: figure('full', ours) }
    findings.push(ratioFinding(comparison, { atMost: 1.2 }))
  }
  const { list } = await interleaved(rounds, { list: full.list })
  const listing = { row: 9, what: `list of ${threads} threads, as answered`, ours: figure('full', list) }
  findings.push(plainFinding(listing, { atMost: 5 }))
  empty.close()
  full.close()
  return [...findings, ...(await crashedStart({ empty: emptyScene, full: fullScene }, rounds))]
}

async function measuresOn(scene: Scene, quick: boolean) {
  const paced = await pacedReader(scene, 'daemon', 1)
  const turns = await turnReader(scene, 'daemon')
  await startTimes(turns, 2, fakeDeltas)
  const requests = await scene.connect()
  const from = { atMs: Date.now() - (keptDays / 2) * 86_400_000 }
  return {
    "a notification's way, median": () => latencies(paced, quick ? 40 : 200),
    'turn/start until turn/started': () => startTimes(turns, quick ? 10 : 50, fakeDeltas),
    'share get of 20 events': () => getTimes(scene, turns.threadId, quick ? 1 : 4),
    status: () => requestTimes(requests, 'share/status', {}, quick ? 3 : 10),
    'get --from TIME': () =>
      requestTimes(requests, 'share/events', { threadId: seededThread(3), from }, quick ? 10 : 50),
    list: () => requestTimes(requests, 'share/list', {}, quick ? 3 : 10),
    close() {
      requests.close()
      paced.close()
      turns.close()
    },
  }
}

async function requestTimes(peer: Peer, method: string, params: Loose, times: number): Promise<number[]> {
  const took: number[] = []
  for (let time = 0; time < times; time += 1) {
    const fromMs = performance.now()
    await peer.call(method, params)
    took.push(performance.now() - fromMs)
  }
  return took
}

async function getTimes(scene: Scene, threadId: string, times: number): Promise<number[]> {
  const took: number[] = []
  for (let time = 0; time < times; time += 1) took.push(await getTime(scene, threadId))
  return took
}
