/** Row 8: `share tail --from 1 --json` of 100,000 events into a pipe, against reading the same rows with SQLite alone. */
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ratioFinding } from '../measure/findings.ts'
import { interleaved } from '../measure/rounds.ts'
import { median } from '../measure/statistics.ts'
import { wholeProcess } from '../measure/whole-process.ts'
import type { Row } from '../row.ts'
import { compileProgram } from '../scene/compile-program.ts'
import { program, root } from '../scene/scene.ts'
import { seededThread, seedLedger } from '../scene/seed-ledger.ts'

export const tailCommand: Row = async ({ quick, rounds, own }) => {
  const events = quick ? 50_000 : 100_000
  let copy = ''
  const scene = await own({
    codex: 'fake',
    async prepareLedger(file) {
      await seedLedger({ file, threads: 1, events })
      copy = `${file}.copy`
      await copyFile(file, copy)
    },
  })
  const scan = await compileProgram('scan-ledger', scene)
  const threadId = seededThread(0)
  const tail = [program, 'share', 'tail', '--thread', threadId, '--from', '1', '--json', '--until-idle']
  const { floor, ours } = await interleaved(rounds, {
    floor: async () => {
      const { ms, stdout } = await wholeProcess([scan, copy, join(root, 'package.json')], scene.env)
      const { rows, scanMs } = JSON.parse(stdout.toString('utf8'))
      if (rows !== events) throw new Error(`the scan read ${rows} rows`)
      return { ms, scanMs }
    },
    ours: async () => {
      const { ms, stdout } = await wholeProcess(tail, scene.env)
      const lines = stdout.reduce((count, byte) => count + (byte === 0x0a ? 1 : 0), 0)
      if (lines !== events) throw new Error(`share tail printed ${lines} lines`)
      return { ms, scanMs: 0 }
    },
  })
  const perSecond = (label: string, values: number[]) => ({
    label,
    value: (events / median(values)) * 1000,
    unit: 'events/s',
  })
  const what = `share tail --from 1 --json of ${events.toLocaleString('en')} events, whole process`
  const result = perSecond(
    'share tail',
    ours.map(({ ms }) => ms),
  )
  const alone = perSecond(
    'scan, whole process',
    floor.map(({ ms }) => ms),
  )
  const inner = perSecond(
    'scan, without the start of its process',
    floor.map(({ scanMs }) => scanMs),
  )
  return [
    ratioFinding({ row: 8, what, floor: alone, ours: result }, { atLeast: 0.5 }),
    { ...ratioFinding({ row: 8, what, floor: inner, ours: result }, {}), reach: '', met: null },
  ]
}
