/** Row 3: one answer followed live by 1, 10 and 100 peers, on the real app-server, and the flood to 100. */
import { plainFinding, ratioFinding } from '../measure/findings.ts'
import { interleaved } from '../measure/rounds.ts'
import { median } from '../measure/statistics.ts'
import type { Finding, Row } from '../row.ts'
import type { Scene } from '../scene/scene.ts'
import { type Reader, sparedNote, startReader } from '../scene/start-reader.ts'

export const fanOut: Row = async ({ quick, rounds, shared }) => {
  const deltas = quick ? 200 : 5000
  const findings = await answerFollowed(await shared('real'), deltas, rounds)
  return [...findings, await floodFollowed(await shared('fake'), quick ? 5000 : 20_000, rounds)]
}

async function answerFollowed(scene: Scene, deltas: number, rounds: number): Promise<Finding[]> {
  const follow = (via: 'daemon' | 'direct', peers: number) => {
    return startReader({
      via,
      socketPath: via === 'daemon' ? scene.daemonSocket : scene.appServerSocket,
      peers,
      timed: false,
    })
  }
  const seconds = async (reader: Reader) => {
    const report = await reader.turn(`deltas ${deltas}`, deltas)
    if (report.spared > 0) process.stderr.write(`    ${report.spared} deltas were spared to peers that fell behind\n`)
    return report.seconds
  }
  const findings: Finding[] = []
  const counts = [1, 10, 100] as const
  const readers = new Map<string, Reader>()
  for (const peers of counts) {
    readers.set(`direct ${peers}`, await follow('direct', peers))
    readers.set(`daemon ${peers}`, await follow('daemon', peers))
  }
  const took = await interleaved(
    rounds,
    Object.fromEntries([...readers].map(([name, reader]) => [name, () => seconds(reader)])),
    { warmUp: false },
  )
  for (const reader of readers.values()) reader.close()
  const medianOf = (via: string, peers: number) => median(took[`${via} ${peers}`] ?? [])
  for (const peers of counts) {
    const figure = (via: string) => ({
      label: via,
      value: (deltas * peers) / medianOf(via, peers),
      unit: 'deliveries/s',
    })
    const what = `answer of ${deltas} deltas to ${peers} peer${peers > 1 ? 's' : ''} (${medianOf('daemon', peers).toFixed(2)} s, direct ${medianOf('direct', peers).toFixed(2)} s)`
    const finding = ratioFinding({ row: 3, what, floor: figure('direct'), ours: figure('daemon') }, { atLeast: 20 })
    findings.push(peers === 100 ? finding : { ...finding, reach: '', met: null })
  }
  const figure = (peers: number) => ({ label: `daemon, ${peers} peers`, value: medianOf('daemon', peers), unit: 's' })
  const what = 'how long that answer takes with 100 peers, against 1'
  findings.push(ratioFinding({ row: 3, what, floor: figure(1), ours: figure(100) }, { atMost: 1.3 }))
  return findings
}

async function floodFollowed(scene: Scene, deltas: number, rounds: number): Promise<Finding> {
  const reader = await startReader({ via: 'daemon', socketPath: scene.daemonSocket, peers: 100, timed: false })
  const spared: number[] = []
  const { ours } = await interleaved(rounds, {
    ours: async () => {
      const report = await reader.turn(`flood ${deltas} 20`, deltas)
      spared.push(report.spared)
      return report.deliveries / report.seconds
    },
  })
  reader.close()
  const what = `flood of ${deltas.toLocaleString('en')} to 100 peers`
  const figure = { label: 'daemon', value: median(ours), unit: 'deliveries/s' }
  return plainFinding({ row: 3, what, ours: figure, ...sparedNote(spared) }, { atLeast: 1_000_000 })
}
