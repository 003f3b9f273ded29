/** What a running process costs: its memory and its time on the processors, as the kernel counts them. Linux only. */
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { median } from './statistics.ts'

/** Resident memory in KiB, at rest: the median of some looks after a short pause. */
export async function residentAtRestKiB(pid: number): Promise<number> {
  await delay(300)
  const looks: number[] = []
  for (let look = 0; look < 5; look += 1) {
    looks.push(residentKiB(pid))
    await delay(20)
  }
  return median(looks)
}

export function residentKiB(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
}

/** Nanoseconds that all threads of the process have run. */
export function processorTimeNs(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`)
  const timeOf = (thread: string) => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0])
  return threads.reduce((sum, thread) => sum + timeOf(thread), 0)
}
