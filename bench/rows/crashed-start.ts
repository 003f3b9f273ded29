/** Row 9: from the daemon's start to its first reply after the machine crashed, the ledger being full and not in memory. */
import { join } from 'node:path'
import { crashMachine } from '../../test/support/samples/damage-ledger.ts'
import { ratioFinding } from '../measure/findings.ts'
import { interleaved } from '../measure/rounds.ts'
import { median } from '../measure/statistics.ts'
import type { Finding } from '../row.ts'
import { dropCaches } from '../scene/drop-caches.ts'
import type { Scene } from '../scene/scene.ts'

/** Against an empty ledger that was left by the same crash; nothing where the memory cannot be emptied. */
export async function crashedStart(scenes: { empty: Scene; full: Scene }, rounds: number): Promise<Finding[]> {
  if (!dropCaches()) return []
  const startOf = (scene: Scene) => async () => {
    await scene.stopDaemon()
    crashMachine(join(scene.dir, 'data/codex-share/ledger.db'))
    dropCaches()
    return (await scene.startDaemon()).firstReplyMs
  }
  const { floor, ours } = await interleaved(rounds, { floor: startOf(scenes.empty), ours: startOf(scenes.full) })
  const figure = (label: string, values: number[]) => ({ label, value: median(values), unit: 'ms' })
  const what = 'start to first reply after a crash of the machine, nothing in the cache'
  return [ratioFinding({ row: 9, what, floor: figure('empty', floor), ours: figure('full', ours) }, { atMost: 1.2 })]
}
