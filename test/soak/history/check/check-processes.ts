/** One daemon, one app-server, and no daemon that grows. */
import type { ProcessSample, Sample } from '../history.ts'

/** A daemon that is just being replaced may be seen beside the next one for a moment. */
const mostAtOnce = 2
const longLifeMs = 120_000
/** Its first minute is for warming up. */
const warmUpMs = 60_000
const mostKiBAMinute = 1024
const mostDescriptors = 100

export function checkProcesses(samples: readonly Sample[], atTheEnd: Sample): string[] {
  return [
    ...(atTheEnd.daemons.length === 1 ? [] : [`${atTheEnd.daemons.length} daemons at the end`]),
    ...(atTheEnd.appServers.length === 1 ? [] : [`${atTheEnd.appServers.length} app-servers at the end`]),
    ...checkRunning(samples),
    ...[...livesOf(samples)].flatMap(([pid, life]) => checkLife(pid, life)),
  ]
}

/** A second daemon or app-server that stays. */
function checkRunning(samples: readonly Sample[]): string[] {
  const isCrowded = ({ daemons, appServers }: Sample) => daemons.length > mostAtOnce || appServers.length > mostAtOnce
  const crowded = samples.find(isCrowded)
  return crowded ? [`at once ${crowded.daemons.length} daemons and ${crowded.appServers.length} app-servers`] : []
}

type Life = (ProcessSample & { readonly atMs: number })[]

function livesOf(samples: readonly Sample[]): Map<number, Life> {
  return Map.groupBy(
    samples.flatMap(({ atMs, daemons }) => daemons.map((one) => ({ ...one, atMs }))),
    ({ pid }) => pid,
  )
}

function checkLife(pid: number, life: Life): string[] {
  const most = Math.max(...life.map(({ descriptors }) => descriptors))
  const crowded = most > mostDescriptors ? [`daemon ${pid} had ${most} descriptors`] : []
  const [first] = life
  const last = life.at(-1)
  if (!first || !last || last.atMs - first.atMs < longLifeMs) return crowded
  const slope = slopeOf(life.filter(({ atMs }) => atMs - first.atMs > warmUpMs))
  return slope > mostKiBAMinute ? [...crowded, `daemon ${pid} grew by ${Math.round(slope)} KiB a minute`] : crowded
}

/** Of the line through all samples by least squares, in KiB a minute. */
function slopeOf(life: Life): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const minutes = life.map(({ atMs }) => atMs / 60_000)
  const sizes = life.map(({ residentKiB }) => residentKiB)
  const [middle, size] = [mean(minutes), mean(sizes)]
  const spread = minutes.reduce((sum, at) => sum + (at - middle) ** 2, 0)
  return minutes.reduce((sum, at, index) => sum + (at - middle) * (Number(sizes[index]) - size), 0) / spread
}
