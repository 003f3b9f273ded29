/** Row 10: how long anything holds the daemon's loop with a large ledger, its file in the kernel's cache and not. */
import { percentile } from '../measure/statistics.ts'
import { findingLine } from '../report.ts'
import type { Finding, Row } from '../row.ts'
import { dropCaches } from '../scene/drop-caches.ts'
import { copyKeptLedger } from '../scene/kept-ledger.ts'
import type { SceneOptions } from '../scene/scene.ts'
import { startProber } from '../scene/start-prober.ts'
import { type LongWork, worksOnALargeLedger } from './long-works.ts'

const [atMostP99, atMost] = [20, 50]

export const loopHolds: Row = async ({ quick, events: wanted, own }) => {
  const events = wanted ?? (quick ? 50_000 : 1_000_000)
  const threads = quick ? 50 : 1000
  const ledger: SceneOptions = { codex: 'fake', prepareLedger: (file) => copyKeptLedger(file, { threads, events }) }
  const findings: Finding[] = []
  for (const isCached of [true, false]) {
    const scene = await own(ledger)
    for (const work of worksOnALargeLedger({ scene, threads, quick })) {
      await work.before?.()
      const prober = await startProber(scene.daemonSocket)
      // Where they cannot be emptied the file stays cached.
      if (!isCached && !dropCaches()) break
      const latenciesMs = await prober.during(work.run)
      prober.close()
      await work.after?.()
      const finding = findingOf(work, latenciesMs, { events, isCached })
      findings.push(finding)
      process.stderr.write(findingLine(finding))
    }
    await scene.close()
  }
  return findings
}

function findingOf(
  { what }: LongWork,
  latenciesMs: readonly number[],
  { events, isCached }: { readonly events: number; readonly isCached: boolean },
): Finding {
  const [p99, longest] = [percentile(latenciesMs, 99), Math.max(...latenciesMs)]
  return {
    row: 10,
    what: `others wait during ${what}, ${events.toLocaleString('en')} events, ${isCached ? 'cached' : 'not cached'}`,
    floor: { label: 'median', value: percentile(latenciesMs, 50), unit: 'ms' },
    ours: { label: 'p99', value: p99, unit: 'ms' },
    result: `${longest.toFixed(1)} ms`,
    reach: `p99 ≤ ${atMostP99}, longest ≤ ${atMost} ms`,
    met: p99 <= atMostP99 && longest <= atMost,
    note: `${latenciesMs.length} asked`,
  }
}
