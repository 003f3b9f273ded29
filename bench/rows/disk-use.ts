/** Row 14: what an event takes on the disk, and what the file takes once half of a million were let go while it was in use. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { plainFinding } from '../measure/findings.ts'
import type { Row } from '../row.ts'
import { keepFor } from '../scene/keep-for.ts'
import { copyKeptLedger, keptDays } from '../scene/kept-ledger.ts'
import { untilPruned } from './long-works.ts'

export const diskUse: Row = async ({ quick, events: wanted, own }) => {
  const events = wanted ?? (quick ? 50_000 : 1_000_000)
  const threads = quick ? 50 : 1000
  const scene = await own({ codex: 'fake', prepareLedger: (file) => copyKeptLedger(file, { threads, events }) })
  const bytes = () => statSync(join(scene.dir, 'data/codex-share/ledger.db')).size
  const before = bytes()
  await scene.stopDaemon()
  keepFor(scene.dir, keptDays / 2)
  await scene.startDaemon()
  await untilPruned(scene, bytes)
  const label = 'daemon'
  const [each, left] = [before / events, (bytes() / before) * 100]
  return [
    plainFinding(
      { row: 14, what: 'disk for each event', ours: { label, value: each, unit: 'bytes' } },
      { atMost: 460 },
    ),
    plainFinding(
      {
        row: 14,
        what: 'the file after half was let go while in use',
        ours: { label, value: left, unit: '% of before' },
      },
      { atMost: 65 },
    ),
  ]
}
