/** Row 12: resident memory, idle, for each peer, for each stopped reader, and after a million events. */
import { spawn } from 'node:child_process'
import { plainFinding } from '../measure/findings.ts'
import { residentAtRestKiB } from '../measure/process-cost.ts'
import { median } from '../measure/statistics.ts'
import type { Finding, Row } from '../row.ts'
import { endWithUs } from '../scene/clean-up.ts'
import type { Scene } from '../scene/scene.ts'
import { startReader } from '../scene/start-reader.ts'
import type { Peer } from '../wires/peer.ts'

export const memory: Row = async ({ quick, own }) => {
  const scene = await own({ codex: 'fake' })
  return [
    await idle(scene),
    await perPeer(scene, quick ? 50 : 200),
    await perStoppedReader(scene, quick ? 20_000 : 50_000),
    ...(await afterManyEvents(scene, quick ? { events: 40_000, times: 4 } : { events: 1_000_000, times: 10 })),
  ]
}

async function idle(scene: Scene): Promise<Finding> {
  const node = spawn(process.execPath, ['-e', 'setInterval(() => {}, 60_000)'], { stdio: 'ignore' })
  endWithUs(node)
  const floor = (await residentAtRestKiB(node.pid ?? 0)) / 1024
  const ours = (await residentAtRestKiB(scene.daemonPid())) / 1024
  node.kill()
  const figure = (label: string, value: number) => ({ label, value, unit: 'MiB' })
  const finding = {
    row: 12,
    what: 'resident memory, idle',
    floor: figure('idle node', floor),
    ours: figure('daemon', ours),
  }
  return { ...finding, result: `+${(ours - floor).toFixed(1)} MiB`, reach: '+30 MiB', met: ours - floor <= 30 }
}

async function perPeer(scene: Scene, count: number): Promise<Finding> {
  const before = await residentAtRestKiB(scene.daemonPid())
  const peers = await followers(scene, count)
  const after = await residentAtRestKiB(scene.daemonPid())
  for (const peer of peers) peer.close()
  const value = (after - before) / count
  return plainFinding(
    { row: 12, what: `memory for each of ${count} peers`, ours: { label: 'daemon', value, unit: 'KiB' } },
    { atMost: 64 },
  )
}

async function perStoppedReader(scene: Scene, deltas: number): Promise<Finding> {
  const count = 10
  const reader = await startReader({ via: 'daemon', socketPath: scene.daemonSocket, peers: 1, timed: false })
  const flood = () => reader.turn(`flood ${deltas} 20`, deltas)
  // What a flood leaves behind by itself must not be counted for the readers.
  for (let time = 0; time < 3; time += 1) await flood()
  const stopped = await followers(scene, count, reader.threadId)
  for (const peer of stopped) peer.pause()
  const before = await residentAtRestKiB(scene.daemonPid())
  await flood()
  const value = ((await residentAtRestKiB(scene.daemonPid())) - before) / 1024 / count
  for (const peer of stopped) peer.close()
  reader.close()
  const what = `memory for each of ${count} readers that stopped before ${deltas.toLocaleString('en')} events`
  return plainFinding(
    { row: 12, what, ours: { label: 'daemon', value: Math.max(value, 0), unit: 'MiB' } },
    { atMost: 4 },
  )
}

async function afterManyEvents(
  scene: Scene,
  { events, times }: { readonly events: number; readonly times: number },
): Promise<Finding[]> {
  const warmUp = 3
  const deltas = events / times
  const reader = await startReader({ via: 'daemon', socketPath: scene.daemonSocket, peers: 1, timed: false })
  const resident: number[] = []
  for (let time = 0; time < times + warmUp; time += 1) {
    await reader.turn(`flood ${deltas} 20`, deltas)
    resident.push((await residentAtRestKiB(scene.daemonPid())) / 1024)
  }
  reader.close()
  const [before, after] = [median(resident.slice(warmUp - 1, warmUp + 2)), median(resident.slice(-3))]
  const growth = after - before
  const figure = (label: string, value: number) => ({ label, value, unit: 'MiB' })
  const what = `memory over ${events.toLocaleString('en')} events, after ${(deltas * warmUp).toLocaleString('en')} to warm up`
  return [
    {
      row: 12,
      what,
      floor: figure('before', before),
      ours: figure('after', after),
      result: `${growth < 0 ? '−' : '+'}${Math.abs(growth).toFixed(1)} MiB`,
      reach: 'no growth (5 %)',
      met: growth <= before * 0.05,
    },
  ]
}

async function followers(scene: Scene, count: number, threadId?: string): Promise<Peer[]> {
  const first = await scene.connect()
  const thread = threadId ?? (await first.startThread())
  await first.follow(thread)
  const peers = [first]
  for (let index = 1; index < count; index += 1) {
    const peer = await scene.connect()
    await peer.follow(thread)
    peers.push(peer)
  }
  return peers
}
