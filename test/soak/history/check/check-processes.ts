/** One daemon, one app-server, and no daemon that grows. */
import type { ProcessSample, Sample } from '../history.ts'

/** One that is being replaced is seen beside the next one, and so are those that were started at the same moment and leave. */
const mostCrowdedMs = 30_000
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
    ...[...livesOf(samples).values()].flatMap(checkLife),
  ]
}

/** A second daemon or app-server that stays. */
function checkRunning(samples: readonly Sample[]): string[] {
  const stays = (name: string, pidsOf: (sample: Sample) => readonly number[]): string[] => {
    let sinceMs: number | undefined
    for (const sample of samples) {
      const pids = pidsOf(sample)
      sinceMs = pids.length > 1 ? (sinceMs ?? sample.atMs) : undefined
      if (sinceMs !== undefined && sample.atMs - sinceMs > mostCrowdedMs)
        return [`for ${mostCrowdedMs / 1000} s there was more than one ${name}: ${pids.join(', ')}`]
    }
    return []
  }
  return [
    ...stays('daemon', ({ daemons }) => daemons.map(({ pid }) => pid)),
    ...stays('app-server', ({ appServers }) => appServers),
  ]
}

/** The samples of one process. */
type Life = (ProcessSample & { readonly atMs: number })[]

function livesOf(samples: readonly Sample[]): Map<string, Life> {
  return Map.groupBy(
    samples.flatMap(({ atMs, daemons }) => daemons.map((one) => ({ ...one, atMs }))),
    ({ pid, startToken }) => `${pid} ${startToken}`,
  )
}

function checkLife(life: Life): string[] {
  const [first] = life
  const last = life.at(-1)
  if (!first || !last) return []
  const { pid } = first
  const most = Math.max(...life.map(({ descriptors }) => descriptors))
  const crowded = most > mostDescriptors ? [`daemon ${pid} had ${most} descriptors`] : []
  if (last.atMs - first.atMs < longLifeMs) return crowded
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
