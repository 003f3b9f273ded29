/** Row 6: `share get` of 20 events as a whole process. */
import { ratioFinding } from '../measure/findings.ts'
import { interleaved } from '../measure/rounds.ts'
import { median } from '../measure/statistics.ts'
import { wholeProcess } from '../measure/whole-process.ts'
import type { Row } from '../row.ts'
import { codexLauncher, program, type Scene } from '../scene/scene.ts'
import { startTimes, turnReader } from './turn-start.ts'

export const getCommand: Row = async ({ quick, rounds, shared }) => {
  const scene = await shared('real')
  const reader = await turnReader(scene, 'daemon')
  await startTimes(reader, 4)
  reader.close()
  const times = quick ? 1 : 4
  const node = () => wholeProcess(['-e', '0'], scene.env)
  const codex = () => wholeProcess([codexLauncher, '--version'], scene.env)
  const took = await interleaved(rounds * times, {
    node: async () => (await node()).ms,
    get: () => getTime(scene, reader.threadId),
    codex: async () => (await codex()).ms,
  })
  const figure = (label: string, values: number[]) => ({ label, value: median(values), unit: 'ms' })
  const what = 'share get of 20 events, whole process'
  const ours = figure('share get', took.get)
  return [
    ratioFinding({ row: 6, what, floor: figure('node -e 0', took.node), ours }, { atMost: 2.5 }),
    ratioFinding({ row: 6, what, floor: figure('codex --version', took.codex), ours }, { atMost: 1 }),
  ]
}

/** Milliseconds of one `share get`, which must have printed its 20 events. */
export async function getTime({ env }: Scene, threadId: string): Promise<number> {
  const args = [program, 'share', 'get', '--thread', threadId, '--limit', '20', '--json']
  const { ms, stdout } = await wholeProcess(args, env)
  const { events } = JSON.parse(stdout.toString('utf8'))
  if (events.length !== 20) throw new Error(`share get printed ${events.length} events`)
  return ms
}
